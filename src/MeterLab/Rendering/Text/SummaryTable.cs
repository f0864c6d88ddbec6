using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Rendering.Text;

/// <summary>Errors by group and estimator, for people.</summary>
internal static class SummaryTable
{
    /// <summary>Writes the table.</summary>
    public static void Write(TextWriter text, IReadOnlyList<SummaryRow> rows)
    {
        var table = new TextTable("group", "estimator", "n", "bias", "95 % of bias", "sd", "limits of agreement", "mae", "min", "median", "max");
        foreach (var row in rows)
        {
            table.Add(
                row.Group, row.Estimator, Figures.Of(row.N, ""), Figures.Percent(row.BiasPct, 4), Range(row.BiasCi95Pct), Figures.Percent(row.SdPct, 3),
                Range(row.LimitsOfAgreementPct), Figures.Percent(row.MaePct, 4), Figures.Percent(row.MinPct, 4), Figures.Percent(row.MedianPct, 4),
                Figures.Percent(row.MaxPct, 4));
        }

        table.Write(text);
    }

    private static string? Range(IReadOnlyList<double>? range) =>
        range is { Count: 2 } ? $"{Figures.Of(range[0], "", 4)} to {Figures.Percent(range[1], 4)}" : null;
}
