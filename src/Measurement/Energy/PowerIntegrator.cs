using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Samples;
using MeterLab.Measurement.Uncertainty;

namespace MeterLab.Measurement.Energy;

/// <summary>
/// The energy of a window of a power series with its budget (JCGM 100:2008). A pure function: the same series and window give
/// the same figure for ever.
/// </summary>
public static class PowerIntegrator
{
    // The lab host's crystal, where no time service has measured it: tens of ppm (rectangular).
    private const double TimeScaleLimit = 50e-6;

    /// <summary>
    /// Integrates. A window that reaches beyond the series has no energy and an invalid finding.
    /// </summary>
    /// <param name="series">Power on the lab's line.</param>
    /// <param name="window">The window, with what is not known of its edges.</param>
    /// <param name="accuracy">The limits of error of the meter; null where nobody knows them (finding accuracy-unknown).</param>
    /// <param name="limits">What must hold.</param>
    /// <param name="rawRate">Seconds of the raw crystal in a second of the line.</param>
    public static EnergyTotal Integrate(
        PowerSeries series, RunWindow window, AccuracyLimit? accuracy, ValidityLimits limits, double rawRate = 1)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(limits);
        if (window.EndNs <= window.StartNs)
            return Nothing(series, "window", "The window ends before it starts.");
        if (series.Count < 3)
            return Nothing(series, "no-samples", $"The trace has {series.Count} samples; nothing can be integrated.");
        var energy = new CumulativeEnergy(series);
        if (window.StartNs < energy.FirstNs || window.EndNs > energy.LastNs)
        {
            var missing = Math.Max(energy.FirstNs - window.StartNs, window.EndNs - energy.LastNs) * 1e-9;
            return Nothing(series, "beyond-trace", FormattableString.Invariant($"The window reaches {missing:0.###} s beyond the trace."));
        }

        var gaps = GapReport.Of(energy, window);
        var joules = Estimate(energy, window.StartNs, window.EndNs, out var edgeShareJ) * rawRate;
        var budget = new UncertaintyBudget(Components(energy, window, accuracy, joules, edgeShareJ, gaps));
        var findings = new List<Finding>(series.Findings);
        if (accuracy is null)
            findings.Add(new Finding("accuracy-unknown", Severity.Warning, "The meter's accuracy is not known; no interval can be stated."));
        var total = new EnergyTotal
        {
            EnergyJ = joules,
            Budget = budget,
            UncertaintyKnown = accuracy is not null,
            Coverage = gaps.Coverage,
            LongestGapS = gaps.LongestSeconds,
            Samples = gaps.Samples,
        };
        findings.AddRange(Rules(total, series, limits));
        return total with { Findings = findings };
    }

    private static double Estimate(CumulativeEnergy energy, long startNs, long endNs, out double edgeShareJ)
    {
        var start = EdgeCorrection.At(energy, startNs, innerIsLater: true);
        var end = EdgeCorrection.At(energy, endNs, innerIsLater: false);
        edgeShareJ = Math.Sqrt(start.StandardJ * start.StandardJ + end.StandardJ * end.StandardJ);
        // Both edges inside one averaging window: there is no inner neighbour to learn from.
        if (energy.SegmentOf(startNs) == energy.SegmentOf(endNs))
            (start, end) = (default, default);
        return energy.At(endNs) - energy.At(startNs) + start.Joules + end.Joules;
    }

    private static IEnumerable<UncertaintyComponent> Components(
        CumulativeEnergy energy, RunWindow window, AccuracyLimit? accuracy, double joules, double edgeShareJ, GapReport gaps)
    {
        if (accuracy is not null)
        {
            yield return new("gain", accuracy.GainLimit * Math.Abs(joules) / Math.Sqrt(3), ComponentKind.Systematic);
            yield return new("offset", accuracy.OffsetLimit * window.Seconds / Math.Sqrt(3), ComponentKind.Systematic);
        }

        yield return new("quantisation", Quantisation(energy, gaps, window), ComponentKind.Random);
        yield return new("sampling", SamplingTerm.StandardJ(energy, gaps.First, gaps.Last), ComponentKind.Random);
        yield return new("edge-share", edgeShareJ, ComponentKind.Random);
        yield return new("edges", Edges(energy, window), ComponentKind.Random);
        yield return new("gaps", gaps.StandardJ, ComponentKind.Random);
        yield return new("time-scale", TimeScaleLimit * Math.Abs(joules) / Math.Sqrt(3), ComponentKind.Systematic);
    }

    // What a shift of the edges does to this very estimate: both together (clock, lag), then each alone.
    private static double Edges(CumulativeEnergy energy, RunWindow window)
    {
        var here = Estimate(energy, window.StartNs, window.EndNs, out _);
        double At(double start, double end)
        {
            var from = Math.Clamp(window.StartNs + (long)start, energy.FirstNs, energy.LastNs);
            var to = Math.Clamp(window.EndNs + (long)end, energy.FirstNs, energy.LastNs);
            return to > from ? Estimate(energy, from, to, out _) - here : -here;
        }

        double Pair(double start, double end)
        {
            var (plus, minus) = (At(start, end), At(-start, -end));
            return (plus * plus + minus * minus) / 2;
        }

        var common = window.CommonUncertaintyNs;
        var stamp = energy.Series.StampUncertaintyNs;
        var alone = Math.Sqrt(window.EdgeUncertaintyNs * window.EdgeUncertaintyNs + stamp * stamp);
        return Math.Sqrt(Pair(common, common) + Pair(alone, 0) + Pair(0, alone));
    }

    // A steady load repeats one rounding error in every reading; a moving one averages it away.
    private static double Quantisation(CumulativeEnergy energy, GapReport gaps, RunWindow window)
    {
        var q = energy.Series.Resolution;
        if (q <= 0)
            return 0;
        var watts = energy.Series.Watts[gaps.First..gaps.Last];
        double changes = 0;
        for (var i = 1; i < watts.Length; i++)
            changes += Math.Abs(watts[i] - watts[i - 1]) > q / 2 ? 1 : 0;
        var independent = Math.Max(1, changes);
        return q / Math.Sqrt(12) * window.Seconds / Math.Sqrt(independent);
    }

    private static IEnumerable<Finding> Rules(EnergyTotal total, PowerSeries series, ValidityLimits limits)
    {
        if (total.Coverage < limits.Coverage)
        {
            yield return new Finding("coverage", Severity.Invalid,
                FormattableString.Invariant($"Samples cover {total.Coverage * 100:0.0} % of the window; at least {limits.Coverage * 100:0.##} % is wanted."));
        }

        if (total.LongestGapS > limits.LongestGap * series.PeriodSeconds)
        {
            yield return new Finding("longest-gap", Severity.Invalid,
                FormattableString.Invariant($"The longest gap is {total.LongestGapS:0.###} s; {limits.LongestGap:0.##} intervals of {series.PeriodSeconds:0.###} s are allowed."));
        }

        if (total.UncertaintyJ is { } u && total.EnergyJ is { } e)
        {
            var share = u / Math.Max(Math.Abs(e), double.Epsilon);
            if (share > limits.UncertaintyInvalid)
            {
                yield return new Finding("uncertainty", Severity.Invalid,
                    FormattableString.Invariant($"The energy is known to {share * 100:0.0} %; {limits.UncertaintyInvalid * 100:0.##} % is the limit. A longer run or a quicker meter helps."));
            }
            else if (share > limits.UncertaintyWarning)
            {
                yield return new Finding("uncertainty", Severity.Warning,
                    FormattableString.Invariant($"The energy is known to {share * 100:0.0} %, more than {limits.UncertaintyWarning * 100:0.##} %."));
            }
        }
    }

    private static EnergyTotal Nothing(PowerSeries series, string rule, string detail) => new()
    {
        UncertaintyKnown = false,
        Findings = [.. series.Findings, new Finding(rule, Severity.Invalid, detail)],
    };
}
