using MeterLab.Configuration;
using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;

namespace MeterLab.MeterDrivers.Profiles;

/// <summary>
/// Reads YAML mappings whose keys are quantities: the same words in a profile and in a rig file's <c>accuracy</c>.
/// All throw <see cref="Measurement.ConfigurationException"/> with file, line and key.
/// </summary>
public static class QuantityMaps
{
    /// <summary>
    /// <c>active-power: { reading: 0.2%, range: 0.1%, full-scale: 600W, absolute: 0.05W }</c>, any part of it. An entry without a
    /// part is an error: nobody knows a limit of zero.
    /// </summary>
    public static IReadOnlyDictionary<Quantity, AccuracyLimit> Accuracy(ConfigNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return Read(node, AccuracyOf);
    }

    /// <summary><c>active-power: 0.1W</c>: one value with its unit a quantity, in SI units, above 0.</summary>
    public static IReadOnlyDictionary<Quantity, double> Values(ConfigNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return Read(node, (value, quantity) => ValueOf(value, quantity) is > 0 and var number
            ? number
            : throw value.Error("a value above 0 is wanted here"));
    }

    /// <summary><c>voltage: [0V, 300V]</c>: a range a quantity, in SI units.</summary>
    public static IReadOnlyDictionary<Quantity, (double From, double To)> Ranges(ConfigNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return Read(node, RangeOf);
    }

    /// <summary>A value with the unit of this quantity, in SI units.</summary>
    public static double ValueOf(ConfigNode node, Quantity quantity)
    {
        ArgumentNullException.ThrowIfNull(node);
        return QuantityUnits.TryParse(node.AsText(), quantity, out var value, out var problem) ? value : throw node.Error(problem);
    }

    /// <summary>A range such as <c>[80V, 280V]</c>, in SI units.</summary>
    public static (double From, double To) RangeOf(ConfigNode node, Quantity quantity)
    {
        ArgumentNullException.ThrowIfNull(node);
        var ends = node.AsList();
        if (ends.Count != 2)
            throw node.Error("a range has two ends, lowest first");
        var (from, to) = (ValueOf(ends[0], quantity), ValueOf(ends[1], quantity));
        return from < to ? (from, to) : throw node.Error("the lower end must stand first");
    }

    /// <summary>The quantity of this name.</summary>
    public static Quantity QuantityOf(ConfigNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var name = node.AsOneOf([.. QuantityNames.Names]);
        return QuantityNames.Find(name)!.Value;
    }

    private static Dictionary<Quantity, T> Read<T>(ConfigNode node, Func<ConfigNode, Quantity, T> read)
    {
        var result = new Dictionary<Quantity, T>();
        foreach (var (name, value) in node.AsMap([.. QuantityNames.Names]).Entries)
        {
            var quantity = QuantityNames.Find(name)!.Value;
            result.Add(quantity, read(value, quantity));
        }

        return result;
    }

    private static AccuracyLimit AccuracyOf(ConfigNode node, Quantity quantity)
    {
        var map = node.AsMap("reading", "range", "full-scale", "absolute");
        if (!map.Entries.Any())
            throw node.Error("an accuracy has at least one of reading, range with full-scale, absolute");
        if (map.Find("range") is null != map.Find("full-scale") is null)
            throw node.Error("range (a percentage) and full-scale (what it is a percentage of) go together");
        return new AccuracyLimit
        {
            ReadingPercent = Limit(map, "reading"),
            RangePercent = Limit(map, "range"),
            Range = map.Find("full-scale") is { } scale ? Positive(scale, quantity) : null,
            Absolute = map.Find("absolute") is { } absolute ? Positive(absolute, quantity) : 0,
        };
    }

    private static double Limit(ConfigMap map, string key)
    {
        if (map.Find(key) is not { } node)
            return 0;
        // Hundredths multiplied back: 0.5 % must read 0.5 again, not 0.49999….
        var percent = Math.Round(node.AsQuantity(Dimension.Ratio) * 100, 9);
        return percent > 0 ? percent : throw node.Error("a limit above 0 is wanted here");
    }

    private static double Positive(ConfigNode node, Quantity quantity) =>
        ValueOf(node, quantity) is > 0 and var value ? value : throw node.Error("a limit above 0 is wanted here");
}
