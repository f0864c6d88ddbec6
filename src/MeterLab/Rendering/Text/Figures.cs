using System.Globalization;

using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;

namespace MeterLab.Cli.Rendering.Text;

/// <summary>How figures are written for people: with a unit, in as many digits as they deserve.</summary>
internal static class Figures
{
    /// <summary>A value in its unit; a dash where there is none.</summary>
    public static string Of(double? value, string unit, int digits = 6)
    {
        if (value is not { } number)
            return "-";
        var text = Number(number, digits);
        return unit is "" or "1" ? text : $"{text} {unit}";
    }

    // As many significant digits as asked for, and no power of ten where a plain number can be read.
    private static string Number(double number, int digits)
    {
        var magnitude = Math.Abs(number);
        if (magnitude is 0 or < 1e-4 or >= 1e15)
            return number.ToString($"G{digits}", CultureInfo.InvariantCulture);
        var decimals = Math.Max(0, digits - 1 - (int)Math.Floor(Math.Log10(magnitude)));
        return Math.Round(number, Math.Min(decimals, 15)).ToString($"0.{new string('#', decimals)}", CultureInfo.InvariantCulture);
    }

    /// <summary>A value of a quantity in its unit.</summary>
    public static string Of(double? value, Quantity quantity) => Of(value, QuantityNames.UnitOf(quantity));

    /// <summary>A relative or percent figure: <c>0.5 %</c>.</summary>
    public static string Percent(double? percent, int digits = 6) => Of(percent, "%", digits);

    /// <summary>A size in the binary unit that suits it.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        >= 1L << 30 => Of(bytes / (double)(1L << 30), "GiB", 3),
        >= 1L << 20 => Of(bytes / (double)(1L << 20), "MiB", 3),
        >= 1L << 10 => Of(bytes / (double)(1L << 10), "KiB", 3),
        _ => Of(bytes, "B"),
    };

    /// <summary>UTC nanoseconds since 1970 as ISO 8601, with as many digits of a second as asked for (6 or 9).</summary>
    public static string Utc(long utcNs, int digits = 6)
    {
        var seconds = Math.DivRem(utcNs, 1_000_000_000L, out var ns);
        if (ns < 0)
            (seconds, ns) = (seconds - 1, ns + 1_000_000_000L);
        var whole = DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
        return $"{whole}.{ns.ToString("D9", CultureInfo.InvariantCulture)[..digits]}Z";
    }

    /// <summary>The names of flags as JSON has them: gap, not-available …</summary>
    public static IReadOnlyList<string> Names(SampleFlags flags)
    {
        if (flags == SampleFlags.None)
            return [];
        return [.. FlagNames.Where(pair => (flags & pair.Flag) != 0).Select(pair => pair.Name)];
    }

    private static readonly (SampleFlags Flag, string Name)[] FlagNames =
    [
        (SampleFlags.Gap, "gap"), (SampleFlags.Retried, "retried"), (SampleFlags.Overflow, "overflow"),
        (SampleFlags.NotAvailable, "not-available"), (SampleFlags.Implausible, "implausible"), (SampleFlags.Marker, "marker"),
        (SampleFlags.CounterReset, "counter-reset"), (SampleFlags.Resynchronised, "resynchronised"),
        (SampleFlags.BelowMinimumLoad, "below-minimum-load"),
    ];
}
