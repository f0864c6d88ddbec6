using MeterLab.Measurement.Quantities;

namespace MeterLab.Configuration;

/// <summary>Values of a file that must lie in a range.</summary>
public static class ConfigRanges
{
    /// <summary>A number with its unit from <paramref name="min"/> to <paramref name="max"/> (SI); <paramref name="right"/> says so in words.</summary>
    public static double AsQuantityIn(this ConfigNode node, Dimension dimension, double min, double max, string right)
    {
        ArgumentNullException.ThrowIfNull(node);
        var value = node.AsQuantity(dimension);
        return value >= min && value <= max ? value : throw node.Error($"{node.AsText()} is out of range; {right} is right");
    }

    /// <summary>A number with its unit that is more than zero.</summary>
    public static double AsPositiveQuantity(this ConfigNode node, Dimension dimension)
    {
        ArgumentNullException.ThrowIfNull(node);
        var value = node.AsQuantity(dimension);
        return value > 0 ? value : throw node.Error($"{node.AsText()} is out of range; more than zero is right");
    }

    /// <summary>A time of at most a year, which may be zero.</summary>
    public static TimeSpan AsTime(this ConfigNode node) =>
        TimeSpan.FromSeconds(node.AsQuantityIn(Dimension.Time, 0, TimeSpan.FromDays(366).TotalSeconds, "0s to 366d"));

    /// <summary>A time of more than zero and at most a year.</summary>
    public static TimeSpan AsPositiveTime(this ConfigNode node) =>
        TimeSpan.FromSeconds(node.AsQuantityIn(Dimension.Time, 1e-6, TimeSpan.FromDays(366).TotalSeconds, "1us to 366d"));
}
