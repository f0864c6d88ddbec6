using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Rendering.Text;

/// <summary>Calibrations for people.</summary>
internal static class CalibrationTable
{
    /// <summary>Writes the table.</summary>
    public static void Write(TextWriter text, IReadOnlyList<CalibrationRow> rows)
    {
        var table = new TextTable(
            "group", "estimator", "n", "gain", "U", "unseen", "U (95 %)", "fitted at", "judged by", "mae before", "mae after", "median after", "meter's floor");
        foreach (var row in rows)
        {
            table.Add(
                row.Group, row.Estimator, Figures.Of(row.N, ""), Figures.Of(row.Gain, "", 5), Figures.Of(row.GainUncertainty, "", 2),
                Figures.Of(row.UnseenStaticW, "W", 4), Figures.Of(row.UnseenStaticUncertaintyW, "W", 2),
                row.FittedPowerW is { Count: 2 } powers ? $"{Figures.Of(powers[0], "", 3)} to {Figures.Of(powers[1], "W", 3)}" : null,
                row.CrossValidation, Figures.Percent(row.MaePctBefore, 4), Figures.Percent(row.MaePctAfter, 3), Figures.Percent(row.MedianAbsPctAfter, 3),
                Figures.Percent(row.MeterFloorPct, 3));
        }

        table.Write(text);
    }
}
