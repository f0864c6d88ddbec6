using MeterLab.Measurement.Quantities;
using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Fields;

/// <summary>What the channels of a specimen are called, once it is known which of a profile's rows it has.</summary>
internal static class ChannelNames
{
    /// <summary>
    /// The channels of the fields found, in their order. A row of which only the first exists takes its name for that (<c>total</c>). Of two
    /// that say the same quantity of the same channel the first counts: the second gets null.
    /// </summary>
    public static IReadOnlyList<string?> Of(IReadOnlyList<(ValueField Field, int N)> found)
    {
        var last = found.Where(item => item.Field.Repeat is not null)
            .GroupBy(item => item.Field.Channel)
            .ToDictionary(group => group.Key, group => group.Max(item => item.N));
        var taken = new HashSet<(string, Quantity)>();
        var names = new List<string?>();
        foreach (var (field, n) in found)
        {
            var alone = field.Alone is not null && field.Repeat is { } range && last[field.Channel] == range.First;
            var name = alone ? field.Alone! : ValueField.Fill(field.Channel, n, 0);
            names.Add(taken.Add((name, field.Quantity)) ? name : null);
        }

        return names;
    }
}
