using System.Globalization;
using System.Text.RegularExpressions;

namespace MeterLab.Estimators.Carbontracker;

/// <summary>Numbers, times and lists as the tool prints them.</summary>
internal static partial class CarbontrackerText
{
    /// <summary>A finite number, with or without an exponent; null where the text is none.</summary>
    public static double? Number(string text) =>
        double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    /// <summary>Seconds of <c>0:00:06.04</c>, <c>27:15:00</c> or <c>1 day, 3:15:00</c>; null where the text is none.</summary>
    public static double? Seconds(string text)
    {
        var match = TimeText().Match(text.Trim());
        if (!match.Success)
            return null;
        double Part(string name) => match.Groups[name].Success ? double.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture) : 0;
        return Part("d") * 86400 + Part("h") * 3600 + Part("m") * 60 + Part("s");
    }

    /// <summary>
    /// The numbers of a power: a bare number, or a vector in brackets, over several lines where it is long. Empty for None or not-a-number
    /// (the epoch had no sample); null where the text is none of these.
    /// </summary>
    public static IReadOnlyList<double>? Vector(string text)
    {
        var bare = text.Trim();
        if (bare is "None" or "nan" or "[]")
            return [];
        var closed = bare.StartsWith('[') == bare.EndsWith(']');
        var words = bare.Trim('[', ']').Split([' ', '\n', '\t', ','], StringSplitOptions.RemoveEmptyEntries);
        if (!closed || words.Length == 0)
            return null;
        var numbers = words.Select(Number).ToArray();
        if (Array.TrueForAll(numbers, number => number is not null))
            return [.. numbers.Select(number => number!.Value)];
        return Array.Exists(words, word => word == "nan") ? [] : null;
    }

    /// <summary>Names of devices by component, of the line that lists them; empty where the text is another one.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Devices(string text)
    {
        var found = new Dictionary<string, IReadOnlyList<string>>();
        if (!text.Contains("components were found", StringComparison.Ordinal))
            return found;
        foreach (Match match in ComponentText().Matches(text))
            found[match.Groups[1].Value.ToLowerInvariant()] = match.Groups[2].Value.Split(", ");
        return found;
    }

    [GeneratedRegex(@"^(?:(?<d>\d+) days?, )?(?<h>\d+):(?<m>\d{1,2}):(?<s>\d{1,2}(?:\.\d+)?)$", RegexOptions.CultureInvariant)]
    private static partial Regex TimeText();

    // A name may hold dots; a component ends where the next begins or the line ends.
    [GeneratedRegex(@"\b([A-Z]{2,5}) with device\(s\) (.+?)\.?(?= [A-Z]{2,5} with device\(s\)|\s*$)", RegexOptions.CultureInvariant)]
    private static partial Regex ComponentText();
}
