using MeterLab.Estimators;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.Orchestrator.Validity;

namespace MeterLab.Orchestrator.Rigs;

/// <summary>One line that feeds a target; the feeds of one scope add up to what the target draws there.</summary>
/// <param name="Channel">The channel that measures it.</param>
/// <param name="Scope">What it covers.</param>
public readonly record struct Feed(ChannelId Channel, Scope Scope);

/// <summary>An estimator as it is installed on a target.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Settings">How it is run there.</param>
public sealed record TargetEstimator(string Name, EstimatorSettings Settings);

/// <summary>One machine under test.</summary>
public sealed record RigTarget
{
    /// <summary>Its name in the rig.</summary>
    public required string Name { get; init; }

    /// <summary>How it is reached.</summary>
    public required TargetReach Reach { get; init; }

    /// <summary>What feeds it.</summary>
    public IReadOnlyList<Feed> FedBy { get; init; } = [];

    /// <summary>What it is made of.</summary>
    public Hardware Hardware { get; init; } = new();

    /// <summary>The estimators that its runs are compared with, unless a campaign names others.</summary>
    public IReadOnlyList<TargetEstimator> Estimators { get; init; } = [];

    /// <summary>What must hold of it before a run starts; null asks nothing.</summary>
    public IdleGates? Gates { get; init; }

    /// <summary>Carbon intensity of its electricity, kg of CO2 equivalent a joule; null where the file does not tell.</summary>
    public double? GridIntensity { get; init; }

    /// <summary>The feeds of one scope whose meters have this role.</summary>
    public IEnumerable<Feed> Feeds(Rig rig, Scope scope, MeterRole role)
    {
        ArgumentNullException.ThrowIfNull(rig);
        return FedBy.Where(feed => feed.Scope == scope && rig.FindMeter(feed.Channel.Meter)?.Role == role);
    }
}
