using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MeterLab.Estimators.Custom;

/// <summary>A path of members and positions: <c>result.cards[0].joules</c>.</summary>
internal static partial class JsonPath
{
    /// <summary>Whether a text is such a path.</summary>
    public static bool IsPath(string text) => Whole().IsMatch(text);

    /// <summary>The element at a path; null where there is none.</summary>
    public static JsonElement? Find(JsonElement root, string path)
    {
        var at = root;
        foreach (Match step in Step().Matches(path))
        {
            if (step.Groups["index"].Success)
            {
                var index = int.Parse(step.Groups["index"].Value, CultureInfo.InvariantCulture);
                if (at.ValueKind != JsonValueKind.Array || index >= at.GetArrayLength())
                    return null;
                at = at[index];
            }
            else if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(step.Groups["name"].Value, out at))
            {
                return null;
            }
        }

        return at;
    }

    [GeneratedRegex(@"^(?:[^.\[\]\s][^.\[\]]*|\[\d{1,6}\])(?:\.[^.\[\]]+|\[\d{1,6}\])*$", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex(@"\[(?<index>\d+)\]|(?<name>[^.\[\]]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Step();
}
