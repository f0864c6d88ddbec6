using System.Globalization;

using NodaTime.Text;

using MeterLab.Configuration;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Orchestrator.Rigs;

/// <summary>Reads <c>grid-intensity:</c> of a target: a quantity, <c>{ region: DEU }</c>, or <c>{ file: PATH }</c> with a figure an hour.</summary>
internal static class GridIntensitySection
{
    private const string Header = "utc,g_per_kwh";
    private const double KgPerJoulePerGramPerKwh = 1e-3 / 3.6e6;

    // Three years by the hour; the figures are kept with every campaign.
    private const int MostHours = 3 * 8784;
    private static readonly InstantPattern[] Times =
        [InstantPattern.ExtendedIso, InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm'Z'")];

    internal static GridIntensity Read(ConfigNode node)
    {
        if (node.IsScalar)
            return new GridIntensity(node.AsText(), node.AsQuantityIn(Dimension.CarbonIntensity, 0, double.MaxValue, "zero or more"), []);
        var map = node.AsMap("region", "file");
        if (map.Find("region") is { } region)
        {
            return map.Find("file") is { } stray
                ? throw stray.Error("a grid intensity is by region or by file, not both")
                : GridRegions.All[region.AsOneOf([.. GridRegions.All.Keys])];
        }

        var place = map.Require("file");
        return ReadFile(place, FilePaths.Beside(node.File, place.AsText()));
    }

    private static GridIntensity ReadFile(ConfigNode place, string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw place.Error($"the file of grid intensities cannot be read: {e.Message}");
        }

        if (lines.Length < 2 || lines[0].Trim() != Header || lines.Length > MostHours)
            throw place.Error($"{path}: the first line is '{Header}', and 1 to {MostHours} lines with a time and a figure follow");
        var hours = new List<GridHour>();
        for (var i = 1; i < lines.Length; i++)
        {
            if (lines[i].Trim().Length == 0)
                continue;
            var cells = lines[i].Split(',');
            var time = cells.Length == 2 ? Times.Select(pattern => pattern.Parse(cells[0].Trim())).FirstOrDefault(parsed => parsed.Success) : null;
            if (time is null || !double.TryParse(cells[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var grams) || !double.IsFinite(grams) || grams < 0)
                throw place.Error($"{path}, line {i + 1}: '{lines[i].Trim()}' is not a time in UTC and grams a kWh, for instance 2026-11-23T12:00Z,380.5");
            var hour = new GridHour(time.Value.ToUnixTimeSeconds(), grams * KgPerJoulePerGramPerKwh);
            if (hours.Count > 0 && hour.FromUtcS <= hours[^1].FromUtcS)
                throw place.Error($"{path}, line {i + 1}: the times do not rise");
            hours.Add(hour);
        }

        return new GridIntensity($"{Path.GetFileName(path)}, by the hour", null, hours);
    }
}
