using System.Globalization;

namespace MeterLab.Measurement.Quantities;

/// <summary>
/// Reads numbers that carry their unit, as people write them in rig files and meter addresses: <c>2mohm</c>,
/// <c>20A</c>, <c>200ms</c>, <c>125W</c>, <c>1%</c>. A bare number is refused: a missing unit is a wrong watt in waiting.
/// </summary>
public static class UnitText
{
    private static readonly Dictionary<Dimension, (string Unit, double Factor)[]> Units = new()
    {
        [Dimension.Time] = [("s", 1), ("ms", 1e-3), ("us", 1e-6), ("ns", 1e-9), ("min", 60), ("h", 3600), ("d", 86400)],
        [Dimension.Power] = [("W", 1), ("mW", 1e-3), ("kW", 1e3)],
        [Dimension.Energy] = [("J", 1), ("mJ", 1e-3), ("kJ", 1e3), ("MJ", 1e6), ("Wh", 3600), ("kWh", 3.6e6)],
        [Dimension.Resistance] = [("ohm", 1), ("mohm", 1e-3), ("uohm", 1e-6)],
        [Dimension.Current] = [("A", 1), ("mA", 1e-3), ("uA", 1e-6)],
        [Dimension.Voltage] = [("V", 1), ("mV", 1e-3), ("uV", 1e-6), ("kV", 1e3)],
        [Dimension.Ratio] = [("%", 1e-2), ("ppm", 1e-6)],
        [Dimension.Information] =
        [
            ("GiB", 1L << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("TiB", 1L << 40),
            ("B", 1), ("kB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12),
        ],
        [Dimension.CarbonIntensity] = [("g/kWh", 1e-3 / 3.6e6), ("kg/kWh", 1 / 3.6e6)],
        [Dimension.Temperature] = [("degC", 1)],
        [Dimension.Frequency] = [("Hz", 1), ("kHz", 1e3), ("MHz", 1e6)],
    };

    /// <summary>
    /// Reads <paramref name="text"/> as a value of <paramref name="dimension"/> in its SI unit (a ratio as a plain factor).
    /// On failure <paramref name="problem"/> says what is wrong and what would be right.
    /// </summary>
    public static bool TryParse(string text, Dimension dimension, out double value, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = 0;
        problem = "";
        var trimmed = text.Trim();
        var split = NumberLength(trimmed);
        var unit = trimmed[split..].Trim();
        var units = Units[dimension];
        if (split == 0 || !double.TryParse(trimmed.AsSpan(0, split), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || !double.IsFinite(number))
        {
            problem = $"'{text}' is not a number with a unit; write for instance {Example(dimension)}";
            return false;
        }

        if (unit.Length == 0)
        {
            problem = $"'{text}' has no unit; write for instance {trimmed}{units[0].Unit} (units: {List(units)})";
            return false;
        }

        foreach (var (name, factor) in units)
        {
            if (name == unit)
            {
                value = number * factor;
                return true;
            }
        }

        problem = $"'{unit}' is not a unit of {Word(dimension)}; use one of {List(units)}";
        return false;
    }

    private static int NumberLength(string text)
    {
        var i = 0;
        if (i < text.Length && text[i] is '+' or '-')
            i++;
        while (i < text.Length && (char.IsAsciiDigit(text[i]) || text[i] == '.'))
            i++;
        // An exponent is one only if digits follow: 1e3W, but never the e of a unit.
        if (i > 0 && i + 1 < text.Length && text[i] is 'e' or 'E')
        {
            var j = i + 1;
            if (text[j] is '+' or '-')
                j++;
            if (j < text.Length && char.IsAsciiDigit(text[j]))
            {
                while (j < text.Length && char.IsAsciiDigit(text[j]))
                    j++;
                i = j;
            }
        }

        return i;
    }

    private static string Example(Dimension dimension) => dimension switch
    {
        Dimension.Time => "200ms",
        Dimension.Power => "125W",
        Dimension.Energy => "1kWh",
        Dimension.Resistance => "2mohm",
        Dimension.Current => "20A",
        Dimension.Voltage => "12V",
        Dimension.Ratio => "1%",
        Dimension.Information => "64GiB",
        Dimension.CarbonIntensity => "380g/kWh",
        Dimension.Temperature => "25degC",
        _ => "50Hz",
    };

    private static string Word(Dimension dimension) => dimension switch
    {
        Dimension.CarbonIntensity => "carbon intensity",
#pragma warning disable CA1308 // a word in a sentence, not a key
        _ => dimension.ToString().ToLowerInvariant(),
#pragma warning restore CA1308
    };

    private static string List((string Unit, double Factor)[] units) => string.Join(", ", units.Select(u => u.Unit));
}
