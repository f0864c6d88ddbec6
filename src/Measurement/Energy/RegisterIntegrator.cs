using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Uncertainty;

namespace MeterLab.Measurement.Energy;

/// <summary>
/// The energy of a window from a meter's own energy register, with its budget. Between two moments at which the register was seen to move the
/// energy is a whole number of counts; only the way from the window's edges to these moments is judged, as the edges of any series are. Where
/// too few counts fall near the window, the difference of the readings at its edges remains, wrong by up to a count either way (triangular).
/// </summary>
public static class RegisterIntegrator
{
    // So many stretches between counts are needed in a window to learn how the load moves.
    private const int Least = 6;

    // Two edges lean on two such moments each, and on slopes through more of them.
    private const double KnotsAtEdges = 2.6;

    // A window of fewer counts, by the rate of the whole trace, is beyond what a register can tell.
    private const double FewestCounts = 0.25;

    /// <summary>Integrates readings (J, not a number where one is missing) at moments (ns).</summary>
    /// <param name="timeNs">Moments of reading, ns, strictly increasing.</param>
    /// <param name="joules">Readings, J.</param>
    /// <param name="stepJ">The size of a count, J; 0 to find it out from the readings.</param>
    /// <param name="window">The window.</param>
    /// <param name="accuracy">The register's limits of error; null where nobody knows them.</param>
    /// <param name="limits">What must hold.</param>
    /// <param name="wrap">Where the register starts again at 0, J; null where that is not known.</param>
    public static EnergyTotal Integrate(
        ReadOnlySpan<long> timeNs, ReadOnlySpan<double> joules, double stepJ, RunWindow window, AccuracyLimit? accuracy, ValidityLimits limits,
        double? wrap = null)
    {
        ArgumentNullException.ThrowIfNull(limits);
        var series = new RegisterSeries(timeNs, joules, stepJ, wrap);
        if (window.EndNs <= window.StartNs)
            return Nothing("window", "The window ends before it starts.");
        if (series.TimeNs.Length < 3)
            return Nothing("no-samples", $"The energy register has {series.TimeNs.Length} readings; nothing can be said.");
        if (window.StartNs < series.TimeNs[0] || window.EndNs > series.TimeNs[^1])
        {
            var missing = Math.Max(series.TimeNs[0] - window.StartNs, window.EndNs - series.TimeNs[^1]) * 1e-9;
            return Nothing("beyond-trace", FormattableString.Invariant($"The window reaches {missing:0.###} s beyond the trace."));
        }

        if (series.BackwardsNs(window.StartNs, window.EndNs) is not null)
            return Nothing("counter-reset", "The energy register ran backwards in the window (a reset or an overrun); its energy is not known.");
        var spacing = Spacing(series.TimeNs);
        var (energy, components, few) = Estimate(series, window, spacing);
        if (accuracy is not null)
        {
            components.Add(new("gain", accuracy.GainLimit * Math.Abs(energy) / Math.Sqrt(3), ComponentKind.Systematic));
            components.Add(new("offset", accuracy.OffsetLimit / Math.Sqrt(3), ComponentKind.Systematic));
        }

        var (coverage, longest) = Gaps(series.TimeNs, window, spacing);
        var total = new EnergyTotal
        {
            EnergyJ = energy,
            Budget = new UncertaintyBudget(components),
            UncertaintyKnown = accuracy is not null && few is null,
            Coverage = coverage,
            LongestGapS = longest,
            Samples = series.At(window.EndNs) - series.At(window.StartNs),
        };
        var findings = new List<Finding>();
        if (accuracy is null)
            findings.Add(new Finding("accuracy-unknown", Severity.Warning, "The accuracy of the meter's energy register is not known; no interval can be stated."));
        if (few is not null)
            findings.Add(new Finding("under-sampled", Severity.Warning, few));
        return total with { Findings = [.. findings, .. ValidityRules.Of(total, spacing, limits)] };
    }

    private static (double Joules, List<UncertaintyComponent> Components, string? Few) Estimate(RegisterSeries series, RunWindow window, double spacing)
    {
        var plain = series.Between(window.EndNs) - series.Between(window.StartNs);
        var triangular = series.StepJ / Math.Sqrt(6);
        var readings = Math.Max(series.Joules[^1] - series.Joules[0], 0) / ((series.TimeNs[^1] - series.TimeNs[0]) * 1e-9);
        if (series.Knots(Least, spacing) is { } energy && window.StartNs >= energy.FirstNs && window.EndNs <= energy.LastNs)
        {
            var estimate = new WindowEstimate(energy, window);
            // The moment of a count is known to a spacing of readings; where several counts fall into one, its energy to a count.
            var perSpacing = Math.Abs(estimate.Joules) / window.Seconds * spacing;
            var knot = Math.Min(perSpacing, series.StepJ > 0 ? series.StepJ : perSpacing) / Math.Sqrt(12);
            var counter = Math.Sqrt(estimate.EdgeShareJ * estimate.EdgeShareJ + KnotsAtEdges * knot * knot);
            if (estimate.Levels.Last - estimate.Levels.First >= Least && (series.StepJ <= 0 || counter < triangular))
                return (estimate.Joules, [new("counter", counter, ComponentKind.Random), new("edges", estimate.ShiftJ(window.EdgeUncertaintyNs), ComponentKind.Random)], null);
        }

        var few = readings * window.Seconds < FewestCounts * series.StepJ
            ? FormattableString.Invariant($"The energy register counts in steps of {series.StepJ:0.###} J, more than the window holds; what it says of the window is nothing.")
            : null;
        var shift = window.CommonUncertaintyNs * 1e-9 * readings;
        return (plain, [new("counter", triangular, ComponentKind.Random), new("edges", shift, ComponentKind.Random)], few);
    }

    private static (double Coverage, double Longest) Gaps(ReadOnlySpan<long> timeNs, RunWindow window, double spacing)
    {
        double gap = 0, longest = 0;
        for (var i = 1; i < timeNs.Length; i++)
        {
            var seconds = (timeNs[i] - timeNs[i - 1]) * 1e-9;
            var inside = (Math.Min(timeNs[i], window.EndNs) - Math.Max(timeNs[i - 1], window.StartNs)) * 1e-9;
            if (seconds <= 1.5 * spacing || inside <= 0)
                continue;
            gap += inside;
            longest = Math.Max(longest, seconds);
        }

        return (Math.Clamp(1 - gap / window.Seconds, 0, 1), longest);
    }

    private static double Spacing(ReadOnlySpan<long> timeNs)
    {
        var spacings = new long[timeNs.Length - 1];
        for (var i = 0; i < spacings.Length; i++)
            spacings[i] = timeNs[i + 1] - timeNs[i];
        Array.Sort(spacings);
        return spacings[spacings.Length / 2] * 1e-9;
    }

    private static EnergyTotal Nothing(string rule, string detail) => new()
    {
        UncertaintyKnown = false,
        Findings = [new Finding(rule, Severity.Invalid, detail)],
    };
}
