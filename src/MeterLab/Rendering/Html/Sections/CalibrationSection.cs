using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Rendering.Html.Sections;

/// <summary>What would make each estimator agree with the meter.</summary>
internal static class CalibrationSection
{
    public static void Write(HtmlWriter html, ReportContext context)
    {
        if (context.Results.Calibration.Count == 0)
        {
            html.Element("p", "No calibration was fitted: it needs valid runs of several kinds or lengths of work.");
            return;
        }

        html.Element("p", "E(meter) = gain × E(estimator) + unseen power × duration. The unseen power is what the program does not see on this machine in this kind of work; "
            + "it is not the machine's idle power, of which the program may count a part. Errors after calibration are of work left out of the fit.");
        Table(html, "calibration-table", context.Results.Calibration);
    }

    /// <summary>The table of calibrations.</summary>
    public static void Table(HtmlWriter html, string id, IReadOnlyList<CalibrationRow> rows) => TableWriter.Write(
        html, id, "Calibration by estimator and group; ± is the expanded uncertainty (95\u202f%)",
        [
            new("Estimator"), new("Target"), new("Group"), new("Gain", true), new("Unseen power", true), new("Judged by"),
            new("Mean absolute error before", true), new("after", true), new("Median absolute error after", true), new("Floor of the meter", true),
        ],
        rows.Select(row => (IReadOnlyList<string>)
        [
            row.Estimator, row.Target ?? Figures.Missing, row.Group, Figures.Measured(row.Gain, row.GainUncertainty, "").TrimEnd('\u202f'),
            Figures.Measured(row.UnseenStaticW, row.UnseenStaticUncertaintyW, "W"), row.CrossValidation ?? Figures.Missing,
            Figures.Percent(row.MaePctBefore, 2), Figures.Percent(row.MaePctAfter, 2), Figures.Percent(row.MedianAbsPctAfter, 2),
            Figures.Percent(row.MeterFloorPct, 2),
        ]));
}
