using System.Globalization;

namespace MeterLab.Orchestrator.Rigs;

/// <summary>
/// Yearly means of carbon intensity by country, life-cycle CO2 equivalent of what is generated there, as data with year and source
/// (grid-regions.csv).
/// </summary>
internal static class GridRegions
{
    private const double KgPerJoulePerGramPerKwh = 1e-3 / 3.6e6;

    /// <summary>Codes (ISO 3166-1 alpha-3) with their intensity.</summary>
    public static IReadOnlyDictionary<string, GridIntensity> All { get; } = Load();

    private static Dictionary<string, GridIntensity> Load()
    {
        using var stream = typeof(GridRegions).Assembly.GetManifestResourceStream("grid-regions.csv")
            ?? throw new InvalidOperationException("grid-regions.csv is not in the assembly");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',', 4)).ToDictionary(
            cells => cells[0],
            cells => new GridIntensity(
                $"{cells[0]}, {cells[1]} g/kWh, {cells[2]} ({cells[3]})", double.Parse(cells[1], NumberStyles.Float, CultureInfo.InvariantCulture) * KgPerJoulePerGramPerKwh, [],
                int.Parse(cells[2], NumberStyles.None, CultureInfo.InvariantCulture)));
    }
}
