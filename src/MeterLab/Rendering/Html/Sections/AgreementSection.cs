using MeterLab.Cli.Rendering.Html.Plots;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Rendering.Html.Sections;

/// <summary>The difference plot of Bland and Altman for each estimator, and its errors by model size where the runs tell one.</summary>
internal static class AgreementSection
{
    public static void Write(HtmlWriter html, ReportContext context)
    {
        List<AgreementPoint> points =
        [
            .. from run in context.Results.Runs
               from estimator in run.Estimators
               let reference = ReportContext.ReferenceOf(run, estimator)
               where estimator.ErrorPct is { } error && double.IsFinite(error) && reference?.EnergyJ > 0
               select new AgreementPoint
               {
                   Run = run.Run, Group = run.Target, Kind = run.Workload, Estimator = estimator.Estimator, MeterJ = reference.EnergyJ!.Value,
                   ErrorPct = estimator.ErrorPct!.Value, UncertaintyPct = estimator.ErrorUncertaintyPct, Valid = run.Valid,
                   ModelParameters = ModelSize.Of(run.Parameters),
               },
        ];
        var rows = context.Results.Breakdown.Where(row => row.By == "target").ToList();
        if (points.Count == 0)
        {
            html.Element("p", "No run has an estimator's figure to compare.");
            return;
        }

        AgreementFigures.WriteSizes(html, points, context.Palette);
        AgreementFigures.WriteDifferences(html, points, rows, context.Palette);
    }
}
