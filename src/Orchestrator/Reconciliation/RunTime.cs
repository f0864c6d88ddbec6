using MeterLab.Measurement;
using MeterLab.Measurement.Clocks;

namespace MeterLab.Orchestrator.Reconciliation;

/// <summary>A run's stamps on the lab's line, with what is known of the target's clock around it.</summary>
internal sealed record RunTime
{
    // Crystals wander over minutes: only probes this near to a run speak about it, if there are enough of them.
    private const long NearNs = 180_000_000_000;
    private const int EnoughProbes = 24;

    /// <summary>Start on the line, ns; null where it cannot be said.</summary>
    public long? StartNs { get; private init; }

    /// <summary>End on the line, ns.</summary>
    public long? EndNs { get; private init; }

    /// <summary>Standard uncertainty of the clock's offset at the run, ns: common to both edges.</summary>
    public double UncertaintyNs { get; private init; }

    /// <summary>Target minus UTC of the lab host at the run's start, s.</summary>
    public double? OffsetS { get; private init; }

    /// <summary>Its rate against the line, ppm, with the standard uncertainty.</summary>
    public (double Value, double Uncertainty)? RatePpm { get; private init; }

    /// <summary>What was found.</summary>
    public IReadOnlyList<Finding> Findings { get; private init; } = [];

    /// <summary>Places a run on the line.</summary>
    public static RunTime Of(RunEvidence run, IReadOnlyList<SyncObservation> probes, HostTimeLine host)
    {
        if (run.StartTargetNs is not { } start || run.EndTargetNs is not { } end)
            return new RunTime { Findings = [new Finding("no-stamps", Severity.Invalid, "The runner left no start and end stamps; the run has no window.")] };
        var near = probes.Where(p => p.AfterNs > run.LaunchedNs - NearNs && p.BeforeNs < run.SeenEndNs + NearNs).ToList();
        if (near.Count < EnoughProbes)
            near = [.. probes];
        if (near.Count == 0)
            return new RunTime { Findings = [new Finding("no-clock", Severity.Invalid, "The target's clock was never probed; its stamps cannot be placed.")] };
        var fit = ClockFit.Fit(near, ClockId.Target(run.Target));
        var findings = new List<Finding>();
        if (fit.SteppedBetween(run.LaunchedNs, run.SeenEndNs))
        {
            var step = fit.Steps.First(s => s.ToNs > run.LaunchedNs && s.FromNs < run.SeenEndNs);
            findings.Add(new Finding("clock-step", Severity.Invalid, FormattableString.Invariant(
                $"The target's clock stepped by {step.SizeNs * 1e-9:+0.000000;-0.000000} s during the run, between the probes at {Reconciler.Utc(host.ToUtcNs(step.FromNs))} and {Reconciler.Utc(host.ToUtcNs(step.ToNs))}, {(step.ToNs - step.FromNs) * 1e-9:0.0} s apart.")));
        }

        var from = fit.ToLine(start, run.LaunchedNs, run.SeenEndNs);
        var to = fit.ToLine(end, run.LaunchedNs, run.SeenEndNs);
        if (from is null || to is null)
        {
            findings.Add(new Finding("clock-map", Severity.Invalid,
                "The run's stamps lie outside what the clock probes cover, or contradict when it was launched and seen to end; they cannot be placed on the time line."));
            return new RunTime { Findings = findings };
        }

        var segment = fit.SegmentAt(from.Value.LineNs);
        return new RunTime
        {
            StartNs = from.Value.LineNs,
            EndNs = to.Value.LineNs,
            UncertaintyNs = Math.Max(from.Value.UncertaintyNs, to.Value.UncertaintyNs),
            OffsetS = (start - host.ToUtcNs(from.Value.LineNs)) * 1e-9,
            RatePpm = segment is null ? null : (segment.Rate * 1e6, segment.RateUncertainty * 1e6),
            Findings = findings,
        };
    }
}
