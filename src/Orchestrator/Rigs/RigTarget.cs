using MeterLab.Estimators;
using MeterLab.Estimators.Custom;
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
/// <param name="Custom">The estimator itself, where a file describes it; null for one that the catalogue knows.</param>
public sealed record TargetEstimator(string Name, EstimatorSettings Settings, CustomEstimator? Custom = null)
{
    /// <summary>What it is.</summary>
    public IEstimator Estimator => Custom ?? EstimatorCatalog.Find(Name);

    /// <summary>
    /// The estimator that a name or the path of a file means, with the settings that a target has for it among <paramref name="own"/>.
    /// Throws <see cref="Measurement.ConfigurationException"/> where there is none, or the file is wrong.
    /// </summary>
    public static TargetEstimator Of(string reference, IReadOnlyList<TargetEstimator> own)
    {
        ArgumentNullException.ThrowIfNull(own);
        var estimator = EstimatorCatalog.Find(reference);
        return own.FirstOrDefault(other => other.Name == estimator.Facts.Name)
            ?? new TargetEstimator(estimator.Facts.Name, new EstimatorSettings(), estimator as CustomEstimator);
    }
}

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

    /// <summary>Carbon intensity of its electricity; null where the file does not tell.</summary>
    public GridIntensity? GridIntensity { get; init; }

    /// <summary>The feeds of one scope whose meters have this role.</summary>
    public IEnumerable<Feed> Feeds(Rig rig, Scope scope, MeterRole role)
    {
        ArgumentNullException.ThrowIfNull(rig);
        return FedBy.Where(feed => feed.Scope == scope && rig.FindMeter(feed.Channel.Meter)?.Role == role);
    }
}
