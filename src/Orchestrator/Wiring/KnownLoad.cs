using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;

namespace MeterLab.Orchestrator.Wiring;

/// <summary>A channel's mean over a steady load of known power.</summary>
/// <param name="Channel">The channel; its step is the mean.</param>
/// <param name="Limit">The model's standard uncertainty at that power, W; null where it is not known.</param>
internal sealed record KnownLoad(WiringChannel Channel, double? Limit)
{
    private const double Coverage = 2;

    /// <summary>The mean of some samples, with its scatter and the model's own limit of error.</summary>
    public static KnownLoad Of(TraceDescription trace, IReadOnlyList<(double AtNs, double Watts)> samples, Scope? scope)
    {
        if (samples.Count == 0)
            return new KnownLoad(new WiringChannel(trace.Channel, scope, null, null, 0, null), null);
        var mean = samples.Average(sample => sample.Watts);
        // Polls of one value are no new values: the scatter of a single one is said, not that of the mean.
        var scatter = Math.Sqrt(samples.Average(sample => (sample.Watts - mean) * (sample.Watts - mean)));
        var limit = trace.Accuracy?.StandardUncertainty(mean);
        var u = limit is { } known ? Math.Sqrt(known * known + scatter * scatter + trace.Resolution * trace.Resolution / 12) : (double?)null;
        return new KnownLoad(new WiringChannel(trace.Channel, scope, mean, u ?? scatter, samples.Count, trace.Accuracy?.ReadingPercent / 100), u);
    }

    /// <summary>Channels of the target that are further from the expected power than their uncertainty. The known load's own is not counted.</summary>
    public static IEnumerable<Finding> Findings(IEnumerable<KnownLoad> loads, double expected)
    {
        foreach (var load in loads.Where(load => load.Channel.Scope is not null))
        {
            var name = load.Channel.Channel;
            if (load.Channel.StepWatts is not { } mean)
                yield return new Finding("no-samples", Severity.Invalid, $"{name} gave no sample.");
            else if (load.Limit is not { } u)
                yield return new Finding("accuracy-unknown", Severity.Warning, FormattableString.Invariant($"{name} reads {mean:0.###} W; how accurate it is nobody stated, so that this cannot be judged."));
            else if (Math.Abs(mean - expected) > Coverage * u)
                yield return new Finding(expected == 0 ? "zero-load" : "known-load", Severity.Warning, FormattableString.Invariant($"{name} reads {mean:0.###} W where {expected:0.###} W is right: {mean - expected:+0.###;-0.###} W, more than its own uncertainty of {Coverage * u:0.###} W (k = 2)."));
        }
    }
}
