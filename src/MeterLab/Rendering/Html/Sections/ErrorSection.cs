using MeterLab.Cli.Rendering.Html.Plots;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Rendering.Html.Sections;

/// <summary>The error of every run with its uncertainty, and estimated against measured energy.</summary>
internal static class ErrorSection
{
    private const int RunsWithOwnRow = 120;
    private const int MostGroups = 40;
    private const int MostMarks = 3000;
    private const int MostPairs = 2000;

    public static void Write(HtmlWriter html, ReportContext context)
    {
        WriteErrors(html, context);
        WriteIdentity(html, context);
    }

    private static void WriteErrors(HtmlWriter html, ReportContext context)
    {
        var (runs, palette, tolerance) = (context.Results.Runs, context.Palette, context.Results.TolerancePct);
        var rows = runs.Count <= RunsWithOwnRow ? RowsByRun(runs, palette) : RowsByGroup(runs, palette);
        var plot = new RowPlot("error in % of the metered energy", rows, -tolerance, tolerance);
        var text = new FigureText(
            "error-per-run", "Error of every run, with its uncertainty",
            "One dot a run and estimator; the bar is the expanded uncertainty (95 %). " + string.Join(" ", palette.Estimators.Select(name => RangeOf(runs, name))));
        var key = palette.Estimators.Select((name, style) => new KeyEntry(Swatch.Marker, style, name)).ToList();
        if (runs.Any(run => !run.Valid && run.Estimators.Any(estimator => estimator.ErrorPct is not null)))
            key.Add(new KeyEntry(Swatch.HollowMarker, 0, "empty: run not valid, not counted"));
        key.Add(new KeyEntry(Swatch.Band, 0, $"tolerance ±{Figures.Percent(tolerance, 0)}"));
        FigureWriter.Write(html, text, key, Drawing.Both(plot.LayOut), details => TableWriter.Write(
            details, "error-table", "Error of every run and estimator" + context.ListedNote,
            [new("Run"), new("Group"), new("Estimator"), new("Error ± uncertainty (95\u202f%)", true), new("Verdict"), new("Run valid")],
            context.Listed.SelectMany(run => run.Estimators.Select(estimator => (IReadOnlyList<string>)
            [
                run.Run, ReportContext.GroupOf(run), estimator.Estimator, ErrorText(estimator), estimator.Verdict, run.Valid ? "yes" : "no",
            ]))));
    }

    /// <summary>The error with its uncertainty as text.</summary>
    public static string ErrorText(EstimatorResult estimator) => estimator.ErrorPct is { } error && double.IsFinite(error)
        ? Figures.SignedPercent(error) + (estimator.ErrorUncertaintyPct is { } u && double.IsFinite(u) ? $" ± {Figures.Percent(u)}" : " ± unknown")
        : Figures.Missing;

    private static List<PlotRow> RowsByRun(IReadOnlyList<RunResult> runs, Palette palette)
    {
        var rows = new List<PlotRow>();
        foreach (var group in runs.GroupBy(ReportContext.GroupOf, StringComparer.Ordinal))
        {
            rows.Add(new PlotRow(group.Key, []) { Heading = true });
            foreach (var run in group)
            {
                List<RowMark> marks = [.. run.Estimators.OrderBy(estimator => palette.StyleOf(estimator.Estimator))
                    .Select(estimator => MarkOf(run, estimator, palette)
                        ?? RowMark.Missing(palette.StyleOf(estimator.Estimator), $"{Figures.Missing} no figure of {estimator.Estimator}"))];
                rows.Add(new PlotRow(run.Run, marks) { Note = marks.Count == 0 ? NoteOf(run) : null });
            }
        }

        return rows;
    }

    private static List<PlotRow> RowsByGroup(IReadOnlyList<RunResult> runs, Palette palette)
    {
        var rows = new List<PlotRow>();
        var groups = runs.GroupBy(ReportContext.GroupOf, StringComparer.Ordinal).ToList();
        // The kinds of work with the largest errors, where there are more than a picture can hold.
        var shown = groups.Count <= MostGroups ? groups : [.. groups.OrderByDescending(Largest).Take(MostGroups)];
        var most = Math.Clamp(MostMarks / Math.Max(1, shown.Count * palette.Estimators.Count), 8, 120);
        foreach (var group in shown)
        {
            rows.Add(new PlotRow($"{group.Key} ({Figures.Count(group.Count(), "run")}, first at the top)", []) { Heading = true });
            foreach (var name in palette.Estimators)
            {
                IReadOnlyList<RowMark> marks = [.. group.SelectMany(run => run.Estimators.Where(estimator => estimator.Estimator == name)
                    .Select(estimator => MarkOf(run, estimator, palette))).OfType<RowMark>()];
                var drawn = RunSelection.Thin(marks, most, mark => mark.Value);
                if (drawn.Count > 0)
                    rows.Add(new PlotRow(drawn.Count < marks.Count ? $"{name} ({Figures.Whole(drawn.Count)} drawn)" : name, drawn) { Pitch = Math.Min(8, 90.0 / drawn.Count) });
            }
        }

        if (shown.Count < groups.Count)
            rows.Add(new PlotRow($"{Figures.Whole(groups.Count - shown.Count)} more kinds of work with smaller errors: see summary.csv", []) { Heading = true });
        return rows;
    }

    private static double Largest(IEnumerable<RunResult> group) => group.SelectMany(run => run.Estimators)
        .Select(estimator => Math.Abs(estimator.ErrorPct ?? 0)).Where(double.IsFinite).DefaultIfEmpty(0).Max();

    private static RowMark? MarkOf(RunResult run, EstimatorResult estimator, Palette palette) =>
        estimator.ErrorPct is not { } error || !double.IsFinite(error)
            ? null
            : new RowMark(
                palette.StyleOf(estimator.Estimator), error, error - estimator.ErrorUncertaintyPct, error + estimator.ErrorUncertaintyPct)
            {
                Hollow = !run.Valid,
            };

    private static string NoteOf(RunResult run) =>
        run.Outcome == "passed" ? $"{Figures.Missing} no estimator's figure" : $"{Figures.Missing} {run.Outcome}";

    private static string RangeOf(IReadOnlyList<RunResult> runs, string estimator)
    {
        List<double> errors = [.. runs.Where(run => run.Valid).SelectMany(run => run.Estimators)
            .Where(result => result.Estimator == estimator && result.ErrorPct is { } error && double.IsFinite(error)).Select(result => result.ErrorPct!.Value)];
        return errors.Count == 0
            ? $"{estimator}: no valid run."
            : $"{estimator}: {Figures.Count(errors.Count, "valid run")}, errors from {Figures.SignedPercent(errors.Min())} to {Figures.SignedPercent(errors.Max())}.";
    }

    private static void WriteIdentity(HtmlWriter html, ReportContext context)
    {
        var all = PairsOf(context.Results.Runs);
        List<EnergyPair> points = [.. all.GroupBy(pair => pair.Estimate.Estimator, StringComparer.Ordinal)
            .SelectMany(group => RunSelection.Thin([.. group], MostPairs / Math.Max(1, context.Palette.Estimators.Count) + 3, pair => pair.Estimate.ErrorPct ?? 0))
            .Select(pair => new EnergyPair(
                context.Palette.StyleOf(pair.Estimate.Estimator), pair.Meter.EnergyJ!.Value, pair.Meter.UncertaintyJ ?? 0, pair.Estimate.EnergyJ!.Value, pair.Run.Valid))];
        IdentityFigure.Write(html, points, context.Results.TolerancePct, context.Palette, details => TableWriter.Write(
            details, "identity-table", "Measured and estimated energy" + context.ListedNote,
            [new("Run"), new("Estimator"), new("Scope of the meter"), new("Measured ± uncertainty (95\u202f%)", true), new("Estimated", true)],
            PairsOf(context.Listed).Select(pair => (IReadOnlyList<string>)
            [
                pair.Run.Run, pair.Estimate.Estimator, pair.Meter.Scope,
                Figures.Measured(pair.Meter.EnergyJ, pair.Meter.UncertaintyJ, "J"), Figures.WithUnit(pair.Estimate.EnergyJ, "J"),
            ])));
    }

    private static List<(RunResult Run, EstimatorResult Estimate, MeterResult Meter)> PairsOf(IReadOnlyList<RunResult> runs) =>
    [
        .. from run in runs
           from estimate in run.Estimators
           let meter = ReportContext.ReferenceOf(run, estimate)
           where estimate.EnergyJ is not null && meter?.EnergyJ is not null
           select (run, estimate, meter),
    ];
}
