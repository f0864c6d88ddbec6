using System.Globalization;

namespace MeterLab.Cli.Rendering.Html;

/// <summary>Numbers as people read them: a true minus, thin spaces, no more digits than the uncertainty supports, always a unit.</summary>
internal static class Figures
{
    /// <summary>Stands for a figure that is not there.</summary>
    public const string Missing = "—";

    private const char Thin = '\u202f';
    private const char Minus = '\u2212';

    /// <summary>A number with a fixed number of decimals; thousands apart from 10 000 on.</summary>
    public static string Number(double value, int decimals)
    {
        if (!double.IsFinite(value))
            return Missing;
        var text = Math.Abs(value).ToString("F" + Math.Clamp(decimals, 0, 9).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var whole = text.IndexOf('.', StringComparison.Ordinal) is var dot and >= 0 ? dot : text.Length;
        if (whole >= 5)
        {
            for (var at = whole - 3; at > 0; at -= 3)
                text = text.Insert(at, Thin.ToString());
        }

        return value < 0 && text.AsSpan().ContainsAnyInRange('1', '9') ? Minus + text : text;
    }

    /// <summary>A number with four significant digits, or all its digits before the point.</summary>
    public static string Number(double value) => Number(value, DecimalsOf(value, 4));

    /// <summary>A number with its unit; the dash where it is missing.</summary>
    public static string WithUnit(double? value, string unit) =>
        value is { } number && double.IsFinite(number) ? $"{Number(number)}{Thin}{unit}" : Missing;

    /// <summary>Value ± expanded uncertainty, the uncertainty with two significant digits and the value to the same decimal.</summary>
    public static string Measured(double? value, double? uncertainty, string unit)
    {
        if (value is not { } number || !double.IsFinite(number))
            return Missing;
        if (uncertainty is not { } u || !double.IsFinite(u))
            return $"{WithUnit(number, unit)} ± unknown";
        var decimals = u > 0 ? DecimalsOf(u, 2) : DecimalsOf(number, 4);
        return $"{Number(number, decimals)} ± {Number(u, decimals)}{Thin}{unit}";
    }

    /// <summary>± an expanded uncertainty alone, with two significant digits.</summary>
    public static string PlusMinus(double uncertainty, string unit) => $"±{Thin}{Number(uncertainty, DecimalsOf(uncertainty, 2))}{Thin}{unit}";

    /// <summary>Percent with sign and one decimal, from a thousand on without: +1.2 %, +3895 %.</summary>
    public static string SignedPercent(double? value) => value is { } number && double.IsFinite(number)
        ? (number > 0 ? "+" : "") + Number(number, Math.Abs(number) < 1000 ? 1 : 0) + Thin + "%"
        : Missing;

    /// <summary>Percent without sign, one decimal.</summary>
    public static string Percent(double? value, int decimals = 1) => value is { } number && double.IsFinite(number)
        ? Number(number, decimals) + Thin + "%"
        : Missing;

    /// <summary>Low to high in percent, both signed.</summary>
    public static string PercentRange(IReadOnlyList<double>? range) => range is [var low, var high] && double.IsFinite(low) && double.IsFinite(high)
        ? $"{SignedPercent(low)} to {SignedPercent(high)}"
        : Missing;

    /// <summary>A moment of results.json (ISO 8601, UTC) to the second, as people read it; the text itself where it is none.</summary>
    public static string Moment(string? iso) => iso is null ? Missing
        : DateTimeOffset.TryParse(iso, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment)
            ? moment.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)
            : iso;

    /// <summary>UTC ns since 1970 as a day and minute.</summary>
    public static string Moment(long utcNs) =>
        DateTimeOffset.FromUnixTimeMilliseconds(utcNs / 1_000_000).ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A number of parameters: 25.6M, 7.3B.</summary>
    public static string Parameters(double number) => number switch
    {
        >= 1e12 => Short(number / 1e12) + "T",
        >= 1e9 => Short(number / 1e9) + "B",
        >= 1e6 => Short(number / 1e6) + "M",
        >= 1e3 => Short(number / 1e3) + "k",
        _ => Short(number),
    };

    /// <summary>One run, two runs.</summary>
    public static string Count(int n, string noun) => n == 1 ? $"1 {noun}" : $"{n.ToString(CultureInfo.InvariantCulture)} {noun}s";

    /// <summary>The unit in which energies up to <paramref name="largestJ"/> read well, and what to divide by.</summary>
    public static (string Unit, double Divisor) EnergyUnit(double largestJ) => Math.Abs(largestJ) switch
    {
        >= 1e7 => ("MJ", 1e6),
        >= 1e4 => ("kJ", 1e3),
        _ => ("J", 1),
    };

    /// <summary>A coordinate of a drawing: two decimals at most.</summary>
    public static string At(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>A whole number.</summary>
    public static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Short(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static int DecimalsOf(double value, int significant) =>
        value == 0 || !double.IsFinite(value) ? 0 : Math.Clamp(significant - 1 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 9);
}
