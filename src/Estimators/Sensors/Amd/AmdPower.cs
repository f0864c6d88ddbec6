using System.Globalization;
using System.Text.Json;

namespace MeterLab.Estimators.Sensors.Amd;

/// <summary>Power of AMD's cards out of what rocm-smi, amd-smi or hwmon say. Keys differ by version and card.</summary>
internal static class AmdPower
{
    private static readonly string[] RocmKeys = ["Current Socket Graphics Package Power (W)", "Average Graphics Package Power (W)"];
    private static readonly string[] AmdSmiKeys = ["socket_power", "current_socket_power", "average_socket_power"];

    // The second die of a card that has two: the first one tells for both.
    private const string SecondDie = "Secondary die";

    /// <summary>Card and W of one reading; W is null where the card tells none. Cards whose power another one tells are left out.</summary>
    public static IEnumerable<(string Card, double? Watts)> Of(SensorReading reading)
    {
        var text = string.Join('\n', reading.Lines);
        // Both tools may print warnings before their JSON.
        var start = text.IndexOfAny(['{', '[']);
        if (start < 0)
            return OfHwmon(reading);
        try
        {
            using var document = JsonDocument.Parse(text[start..]);
            return [.. document.RootElement.ValueKind == JsonValueKind.Array ? OfAmdSmi(document.RootElement) : OfObject(document.RootElement)];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static IEnumerable<(string, double?)> OfHwmon(SensorReading reading)
    {
        foreach (var words in reading.Lines.Select(line => line.Split(' ')).Where(words => words.Length == 2 && words[0].StartsWith("hwmon", StringComparison.Ordinal)))
            yield return (words[0], double.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var microwatts) ? microwatts * 1e-6 : null);
    }

    private static IEnumerable<(string, double?)> OfObject(JsonElement root)
    {
        // Newer amd-smi wraps its list.
        if (root.TryGetProperty("gpu_data", out var list) && list.ValueKind == JsonValueKind.Array)
            return OfAmdSmi(list);
        return root.EnumerateObject().Where(card => card.Name.StartsWith("card", StringComparison.Ordinal) && card.Value.ValueKind == JsonValueKind.Object)
            .Select(card => (card.Name, Text: RocmText(card.Value))).Where(card => card.Text?.Contains(SecondDie, StringComparison.Ordinal) != true)
            .Select(card => (card.Name, Number(card.Text)));
    }

    private static string? RocmText(JsonElement card) =>
        RocmKeys.Select(key => card.TryGetProperty(key, out var value) ? value.ToString() : null).FirstOrDefault(text => text is not null);

    private static IEnumerable<(string, double?)> OfAmdSmi(JsonElement list)
    {
        foreach (var card in list.EnumerateArray().Where(card => card.ValueKind == JsonValueKind.Object && card.TryGetProperty("gpu", out _)))
        {
            double? watts = null;
            if (card.TryGetProperty("power", out var power) && power.ValueKind == JsonValueKind.Object)
                watts = AmdSmiKeys.Select(key => power.TryGetProperty(key, out var value) ? Number(Text(value)) : null).FirstOrDefault(value => value is not null);
            yield return ($"gpu {card.GetProperty("gpu")}", watts);
        }
    }

    // {"value": 35, "unit": "W"}, or 35, or "35 W".
    private static string? Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object ? value.TryGetProperty("value", out var inner) ? inner.ToString() : null : value.ToString().Replace(" W", "", StringComparison.Ordinal);

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var watts) && double.IsFinite(watts) ? watts : null;
}
