using MeterLab.Measurement;
using MeterLab.Orchestrator.Reconciliation;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Orchestrator.Validity;

/// <summary>Everything that the validity rules look at for one run.</summary>
internal sealed record RunCase
{
    public required RunEvidence Run { get; init; }

    public required TargetEvidence Target { get; init; }

    public required CampaignEvidence Campaign { get; init; }

    /// <summary>Where the run lies on the line.</summary>
    public required RunTime Time { get; init; }

    /// <summary>The energies, truth meters first, each with what the integrator found.</summary>
    public required IReadOnlyList<MeterResult> Meters { get; init; }

    /// <summary>The machine's idle power at the run, W, and its standard uncertainty; null where nothing was recorded at rest.</summary>
    public (double Watts, double StandardWatts)? Idle { get; init; }

    public required IReadOnlyList<EstimatorResult> Estimators { get; init; }

    /// <summary>What was found so far: of the run, and of the meter that decides.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>What was found of narrower and check meters; it never spoils the run.</summary>
    public IReadOnlyList<Finding> Besides { get; init; } = [];

    public RunLimits Limits => Campaign.RunLimits;

    /// <summary>The energy that decides: the widest truth meter's.</summary>
    public MeterResult? Truth => Meters.FirstOrDefault(meter => meter.Role == "truth");

    /// <summary>Length on the line, s.</summary>
    public double? Seconds => Time.StartNs is { } start && Time.EndNs is { } end ? (end - start) * 1e-9 : null;

    /// <summary>The channels that make up <see cref="Truth"/>.</summary>
    public IEnumerable<FeedEvidence> Feeds
    {
        get
        {
            var truths = Target.Feeds.Where(feed => feed.Role == Rigs.MeterRole.Truth).ToList();
            return truths.Count == 0 ? [] : truths.Where(feed => feed.Scope == truths.Min(other => other.Scope));
        }
    }
}
