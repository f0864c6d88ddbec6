using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Rendering.Html;

/// <summary>A sentence or two of the summary.</summary>
/// <param name="Subject">The estimator it is about; null where it is about the campaign.</param>
/// <param name="Text">The words.</param>
internal sealed record PlainStatement(string? Subject, string Text);

/// <summary>
/// The summary that a reader who knows no statistics understands, computed from the results. It says that an estimator is too
/// low or too high only where both the scatter of the runs and the meters' uncertainty allow it.
/// </summary>
internal static class PlainWords
{
    private const int GroupsSpelledOut = 3;

    /// <summary>The sentences, in reading order.</summary>
    public static IReadOnlyList<PlainStatement> Of(CampaignResults results)
    {
        List<PlainStatement> statements = [new(null, RunsSentence(results))];
        var estimators = results.Runs.SelectMany(run => run.Estimators).Select(estimator => estimator.Estimator)
            .Concat(results.Summary.Select(row => row.Estimator)).Distinct(StringComparer.Ordinal);
        foreach (var estimator in estimators)
            statements.Add(new(estimator, EstimatorSentence(results, estimator)));
        if (SurenessSentence(results) is { } sureness)
            statements.Add(new(null, sureness));
        return statements;
    }

    /// <summary>The whole campaign in one paragraph for a reader who knows neither meters nor statistics.</summary>
    public static string Paragraph(CampaignResults results)
    {
        var runs = results.Runs.Count(run => run.Valid && run.Outcome == "passed");
        var lead = "Programs that estimate energy were run beside physical meters; this report says how far their figures were from what the meters measured. ";
        return runs == 0
            ? lead + "No run came out well enough to say anything about them: the findings below say why."
            : lead + $"From {Figures.Count(runs, "run")}: " + Together(results.Summary) + After(results.Calibration);
    }

    /// <summary>Each estimator's errors over all kinds of work, in one sentence each.</summary>
    public static string Together(IReadOnlyList<SummaryRow> rows) => string.Concat(rows
        .Where(row => row.N > 0 && row.BiasPct is { } bias && double.IsFinite(bias))
        .GroupBy(row => row.Estimator, StringComparer.Ordinal)
        .Select(group => $"{group.Key} {Direction(group.Sum(row => row.BiasPct!.Value * row.N) / group.Sum(row => row.N))} on average"
            + (group.Count() > 1 ? $" ({Figures.SignedPercent(group.Min(row => row.BiasPct))} to {Figures.SignedPercent(group.Max(row => row.BiasPct))}, depending on the work)" : "")
            + (Scatter([.. group]) is { } size ? $"; a single figure of it was off by {Figures.Percent(size)}, too little or too much. " : ". ")));

    // Only where errors of both signs hide in the average.
    private static double? Scatter(IReadOnlyList<SummaryRow> rows)
    {
        if (rows.Any(row => row.MaePct is null))
            return null;
        var size = rows.Sum(row => row.MaePct!.Value * row.N) / rows.Sum(row => row.N);
        return size > 1.05 * Math.Abs(rows.Sum(row => row.BiasPct!.Value * row.N) / rows.Sum(row => row.N)) + 0.05 ? size : null;
    }

    /// <summary>What calibration makes of it, in one sentence; empty where there is none.</summary>
    public static string After(IReadOnlyList<CalibrationRow> rows) => string.Concat(rows
        .Where(row => row is { MaePctBefore: { } before, MaePctAfter: { } after } && double.IsFinite(before) && double.IsFinite(after))
        .GroupBy(row => row.Estimator, StringComparer.Ordinal)
        .Select(group => group.All(row => row.MaeGainCi95Pct is [> 0, _])
            ? $"Calibrated against the meter, {group.Key} would be off by {Span([.. group.Select(row => row.MaePctAfter!.Value)])} instead of {Span([.. group.Select(row => row.MaePctBefore!.Value)])}. "
            : $"Whether a calibration against the meter makes {group.Key} better cannot be told for all of this work. "));

    private static string Direction(double bias) => Figures.Percent(Math.Abs(bias)) is var size && Math.Abs(bias) < 0.05
        ? "was right"
        : $"said {size} too {(bias < 0 ? "little" : "much")}";

    private static string Span(List<double> values) => values.Max() - values.Min() < 0.05
        ? Figures.Percent(values[0])
        : $"{Figures.Percent(values.Min())} to {Figures.Percent(values.Max())}";

    private static string RunsSentence(CampaignResults results)
    {
        var runs = results.Runs;
        var valid = runs.Count(run => run.Valid && run.Outcome == "passed");
        List<string> others =
        [
            .. runs.Where(run => run.Outcome != "passed").GroupBy(run => run.Outcome, StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{Figures.Whole(group.Count())} {group.Key}"),
        ];
        var invalid = runs.Count(run => !run.Valid && run.Outcome == "passed");
        if (invalid > 0)
            others.Add($"{Figures.Whole(invalid)} finished but broke a rule of measurement and {(invalid == 1 ? "is" : "are")} not valid");
        return $"{Figures.Count(runs.Count, "run")} took place; {Figures.Whole(valid)} of them {(valid == 1 ? "is" : "are")} valid and "
            + $"{(valid == 1 ? "counts" : "count")} here{(others.Count > 0 ? " (the rest: " + string.Join("; ", others) + ")" : "")}.";
    }

    private static string EstimatorSentence(CampaignResults results, string estimator)
    {
        List<SummaryRow> rows = [.. results.Summary.Where(row => row.Estimator == estimator && row.BiasPct is { } bias && double.IsFinite(bias))];
        if (rows.Count == 0)
            return "no valid run has a figure of it that could be compared.";
        var unsure = MedianUncertaintyPct(results, estimator);
        var text = rows.Count <= GroupsSpelledOut
            ? string.Join("; ", rows.Select(row => GroupWords(row, unsure))) + "."
            : $"over {Figures.Count(rows.Count, "kind")} of work its average error lies between "
                + $"{Figures.SignedPercent(rows.Min(row => row.BiasPct))} ({rows.MinBy(row => row.BiasPct)!.Group}) and "
                + $"{Figures.SignedPercent(rows.Max(row => row.BiasPct))} ({rows.MaxBy(row => row.BiasPct)!.Group}).";
        return text + VerdictWords(results, estimator);
    }

    private static string GroupWords(SummaryRow row, double? uncertaintyPct)
    {
        var bias = row.BiasPct!.Value;
        var interval = row.BiasCi95Pct is [var low, var high] && double.IsFinite(low) && double.IsFinite(high) ? (low, high) : ((double, double)?)null;
        var runs = Figures.Count(row.N, "run");
        if (interval is not var (from, to))
            return $"in {row.Group} its error was {Figures.SignedPercent(bias)} in {runs}, too few to say how far chance reaches";
        if (uncertaintyPct is not { } u)
            return $"in {row.Group} its error was {Figures.SignedPercent(bias)} on average in {runs}, against a meter of unknown accuracy";

        // A thousand runs shrink the scatter, not what the meter's own error shares among them.
        (from, to) = (bias - Math.Sqrt(((bias - from) * (bias - from)) + (u * u)), bias + Math.Sqrt(((to - bias) * (to - bias)) + (u * u)));
        var sure = $"95\u202f% sure: {Figures.PercentRange([from, to])}, {runs}";
        if (from <= 0 && to >= 0)
            return $"in {row.Group} its average error of {Figures.SignedPercent(bias)} cannot be told from none ({sure})";
        return $"in {row.Group} it says {Figures.Percent(Math.Abs(bias))} too {(bias < 0 ? "little" : "much")} on average ({sure})";
    }

    private static string VerdictWords(CampaignResults results, string estimator)
    {
        List<EstimatorResult> judged = [.. CountedOf(results, estimator)];
        var missing = judged.Count(result => result.EnergyJ is null);
        judged.RemoveAll(result => result.EnergyJ is null);
        var text = judged.Count == 0 ? "" :
            $" Against the tolerance of ±{Figures.Percent(results.TolerancePct, 0)} it agrees with the meter in "
            + $"{Figures.Whole(judged.Count(result => result.Verdict == "agree"))}, differs in "
            + $"{Figures.Whole(judged.Count(result => result.Verdict == "differ"))} and stays open in "
            + $"{Figures.Whole(judged.Count(result => result.Verdict == "inconclusive"))} of {Figures.Count(judged.Count, "run")}.";
        return missing == 0 ? text : $"{text} In {Figures.Count(missing, "valid run")} it gave no usable figure.";
    }

    private static string? SurenessSentence(CampaignResults results)
    {
        List<double> relative =
        [
            .. results.Runs.Where(run => run.Valid && run.Meter is { EnergyJ: > 0, UncertaintyJ: not null })
                .Select(run => run.Meter!.UncertaintyJ!.Value / run.Meter.EnergyJ!.Value * 100).Where(double.IsFinite).Order(),
        ];
        return relative.Count == 0
            ? null
            : $"The meter's own figure of a run is good to ±{Figures.Percent(relative[relative.Count / 2])} at the median and "
                + $"±{Figures.Percent(relative[^1])} at worst (95\u202f% confidence); no statement here is finer than that.";
    }

    private static double? MedianUncertaintyPct(CampaignResults results, string estimator)
    {
        List<double> all =
        [
            .. CountedOf(results, estimator).Select(result => result.ErrorUncertaintyPct)
                .Where(u => u is { } number && double.IsFinite(number)).Select(u => u!.Value).Order(),
        ];
        return all.Count == 0 ? null : all[all.Count / 2];
    }

    private static IEnumerable<EstimatorResult> CountedOf(CampaignResults results, string estimator) =>
        results.Runs.Where(run => run.Valid && run.Outcome == "passed").SelectMany(run => run.Estimators)
            .Where(result => result.Estimator == estimator);
}
