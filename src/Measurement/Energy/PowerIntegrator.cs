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
    internal const double TimeScaleLimit = 50e-6;

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
        var means = FilterInverse.Of(series);
        var energy = new CumulativeEnergy(means);
        if (window.StartNs < energy.FirstNs || window.EndNs > energy.LastNs)
        {
            var missing = Math.Max(energy.FirstNs - window.StartNs, window.EndNs - energy.LastNs) * 1e-9;
            return Nothing(series, "beyond-trace", FormattableString.Invariant($"The window reaches {missing:0.###} s beyond the trace."));
        }

        var gaps = GapReport.Of(energy, means, window);
        var estimate = new WindowEstimate(energy, window);
        var joules = estimate.Joules * rawRate;
        var components = Components(series, energy, estimate, window, accuracy, joules, gaps);
        var reading = accuracy is null ? 0 : accuracy.GainLimit * Math.Abs(joules) / window.Seconds + accuracy.OffsetLimit;
        var sampling = SamplingTerm.Of(
            energy, estimate, window, new UncertaintyBudget(components).StandardJ, reading);
        components.Add(new("sampling", sampling.StandardJ, ComponentKind.Random));
        var budget = new UncertaintyBudget(components);
        var total = new EnergyTotal
        {
            EnergyJ = joules,
            Budget = budget,
            K = CoverageFactor.Of(budget, sampling),
            UncertaintyKnown = accuracy is not null && sampling.UnderSampled is null,
            Coverage = gaps.Coverage,
            LongestGapS = gaps.LongestSeconds,
            Samples = gaps.Samples,
        };
        return total with { Findings = [.. series.Findings, .. Doubts(accuracy, sampling), .. ValidityRules.Of(total, series.PeriodSeconds, limits)] };
    }

    private static List<UncertaintyComponent> Components(
        PowerSeries series, CumulativeEnergy energy, WindowEstimate estimate, RunWindow window, AccuracyLimit? accuracy, double joules, GapReport gaps)
    {
        var (first, last) = estimate.Levels;
        var levels = energy.Levels[first..last];
        List<UncertaintyComponent> components =
        [
            new("quantisation", ReadingErrors.Rounding(series.Watts[gaps.First..gaps.Last], series.Resolution, estimate.Roughness.OwnSquare) * window.Seconds, ComponentKind.Random),
            new("filter", FilterInverse.StandardJ(series, levels), ComponentKind.Random),
            new("edge-share", estimate.EdgeShareJ, ComponentKind.Random),
            new("edges", estimate.ShiftJ(window.WithStamp(series.StampUncertaintyNs).EdgeUncertaintyNs), ComponentKind.Random),
            new("gaps", gaps.StandardJ, ComponentKind.Random),
            new("time-scale", TimeScaleLimit * Math.Abs(joules) / Math.Sqrt(3), ComponentKind.Systematic),
        ];
        if (accuracy is not null)
        {
            var limit = accuracy.GainLimit * Math.Abs(joules) / window.Seconds + accuracy.OffsetLimit;
            var noise = ReadingErrors.Noise(levels, limit) * window.Seconds / Math.Sqrt(Math.Max(1, levels.Length));
            components.Add(new("noise", FilterInverse.Inverts(series) ? 0 : noise, ComponentKind.Random));
            components.Add(new("gain", accuracy.GainLimit * Math.Abs(joules) / Math.Sqrt(3), ComponentKind.Systematic));
            components.Add(new("offset", accuracy.OffsetLimit * window.Seconds / Math.Sqrt(3), ComponentKind.Systematic));
        }

        return components;
    }

    private static IEnumerable<Finding> Doubts(AccuracyLimit? accuracy, SamplingTerm sampling)
    {
        if (accuracy is null)
            yield return new Finding("accuracy-unknown", Severity.Warning, "The meter's accuracy is not known; no interval can be stated.");
        if (sampling.UnderSampled is { } why)
            yield return new Finding("under-sampled", Severity.Warning, why + " No interval can be stated; a meter that averages over its whole period, or a quicker one, helps.");
    }

    private static EnergyTotal Nothing(PowerSeries series, string rule, string detail) => new()
    {
        UncertaintyKnown = false,
        Findings = [.. series.Findings, new Finding(rule, Severity.Invalid, detail)],
    };
}
