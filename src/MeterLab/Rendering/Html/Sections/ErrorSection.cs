using MeterLab.Cli.Rendering.Html.Plots;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Rendering.Html.Sections;

/// <summary>The error of every run with its uncertainty, and estimated against measured energy.</summary>
internal static class ErrorSection
{
    private const int RunsWithOwnRow = 120;

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
            details, "error-table", "Error of every run and estimator",
            [new("Run"), new("Group"), new("Estimator"), new("Error ± uncertainty (95\u202f%)", true), new("Verdict"), new("Run valid")],
            runs.SelectMany(run => run.Estimators.Select(estimator => (IReadOnlyList<string>)
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
        foreach (var group in runs.GroupBy(ReportContext.GroupOf, StringComparer.Ordinal))
        {
            rows.Add(new PlotRow($"{group.Key} ({Figures.Count(group.Count(), "run")}, first at the top)", []) { Heading = true });
            foreach (var name in palette.Estimators)
            {
                List<RowMark> marks = [.. group.SelectMany(run => run.Estimators.Where(estimator => estimator.Estimator == name)
                    .Select(estimator => MarkOf(run, estimator, palette))).OfType<RowMark>()];
                if (marks.Count > 0)
                    rows.Add(new PlotRow(name, marks) { Pitch = Math.Min(8, 90.0 / marks.Count) });
            }
        }

        return rows;
    }

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
        var pairs = context.Results.Runs.SelectMany(run => run.Estimators.Select(estimator => (run, estimator, ReportContext.ReferenceOf(run, estimator))))
            .Where(pair => pair.estimator.EnergyJ is not null && pair.Item3?.EnergyJ is not null).ToList();
        List<EnergyPair> points =
        [
            .. pairs.Select(pair => new EnergyPair(
                context.Palette.StyleOf(pair.estimator.Estimator), pair.Item3!.EnergyJ!.Value, pair.Item3.UncertaintyJ ?? 0, pair.estimator.EnergyJ!.Value, pair.run.Valid)),
        ];
        if (IdentityPlot.LayOut(points, context.Results.TolerancePct, "tile wide", 460) is not { } wide
            || IdentityPlot.LayOut(points, context.Results.TolerancePct, "narrow", Drawing.NarrowWidth) is not { } narrow)
            return;
        var key = context.Palette.Estimators.Select((name, style) => new KeyEntry(Swatch.Marker, style, name)).ToList();
        key.Add(new KeyEntry(Swatch.Identity, 0, "estimate = meter"));
        key.Add(new KeyEntry(Swatch.Band, 0, $"within ±{Figures.Percent(context.Results.TolerancePct, 0)}"));
        FigureWriter.Write(
            html, new FigureText(
                "identity", "Estimated against measured energy",
                "Dots on the line are right; below it the program says too little. Each estimator is shown against the meter it is compared with. The bars are the meter's uncertainty (95 %)."),
            key, [wide, narrow], details => TableWriter.Write(
                details, "identity-table", "Measured and estimated energy",
                [new("Run"), new("Estimator"), new("Scope of the meter"), new("Measured ± uncertainty (95\u202f%)", true), new("Estimated", true)],
                pairs.Select(pair => (IReadOnlyList<string>)
                [
                    pair.run.Run, pair.estimator.Estimator, pair.Item3!.Scope,
                    Figures.Measured(pair.Item3.EnergyJ, pair.Item3.UncertaintyJ, "J"), Figures.WithUnit(pair.estimator.EnergyJ, "J"),
                ])));
    }
}
