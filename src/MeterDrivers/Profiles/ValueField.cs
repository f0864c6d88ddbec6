using System.Globalization;

using MeterLab.Measurement.Quantities;

namespace MeterLab.MeterDrivers.Profiles;

/// <summary>
/// One value of a meter that answers in numbers of its own (SNMP, HTTP, SCPI), or a row of them: <c>outlet-{n}</c> with a range for n.
/// Where it is found is told beside it, by the family.
/// </summary>
public sealed record ValueField
{
    /// <summary>total, l1, inlet; with <c>{n}</c> where it stands for several.</summary>
    public required string Channel { get; init; }

    /// <summary>What it measures.</summary>
    public required Quantity Quantity { get; init; }

    /// <summary>The unit as the maker states it, for messages: <c>kWh</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>What the number 1 is in the quantity's SI unit: 3.6e6 for kWh.</summary>
    public required double SiPerCount { get; init; }

    /// <summary>Numbers that mean "no value", in the maker's unit.</summary>
    public IReadOnlyList<double> NotAvailable { get; init; } = [];

    /// <summary>For an energy counter: where it starts again at zero, in J; null where nobody knows.</summary>
    public double? Wrap { get; init; }

    /// <summary>The first and last n; null where the field stands for itself.</summary>
    public (int First, int Last)? Repeat { get; init; }

    /// <summary>The channel's name where the meter turns out to have only the first of the row: <c>total</c>; null keeps it.</summary>
    public string? Alone { get; init; }

    /// <summary>The numbers that n stands for; 0 alone where there is no row.</summary>
    public IEnumerable<int> Numbers => Repeat is { } range ? Enumerable.Range(range.First, range.Last - range.First + 1) : [0];

    /// <summary>A pattern with its places filled: <c>{n}</c>, <c>{n-1}</c> (counted from 0) and <c>{u}</c> (the unit of a chain).</summary>
    public static string Fill(string pattern, int n, int unit)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return pattern.Replace("{n}", Text(n), StringComparison.Ordinal)
            .Replace("{n-1}", Text(n - 1), StringComparison.Ordinal)
            .Replace("{u}", Text(unit), StringComparison.Ordinal);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
