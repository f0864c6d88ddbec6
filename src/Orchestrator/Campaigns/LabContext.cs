using MeterLab.Measurement.Clocks;
using MeterLab.MeterDrivers;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Orchestrator.Targets;
using MeterLab.Storage;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>What a campaign needs from the world; made once where the program is composed.</summary>
public sealed record LabContext
{
    /// <summary>The store, open for writing.</summary>
    public required Store Store { get; init; }

    /// <summary>Opens meters.</summary>
    public required MeterFactory Meters { get; init; }

    /// <summary>Reaches targets: SSH, this machine, or the virtual rig's.</summary>
    public required Func<RigTarget, Rig, ITarget> OpenTarget { get; init; }

    /// <summary>The lab host's clocks.</summary>
    public required IHostClock Clock { get; init; }

    /// <summary>Delays and deadlines.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The version that stands in results.</summary>
    public required string Version { get; init; }

    /// <summary>Told what is going on, for a person; may be null.</summary>
    public IProgress<CampaignProgress>? Progress { get; init; }
}

/// <summary>Where a campaign is.</summary>
/// <param name="Done">Runs finished.</param>
/// <param name="Total">Runs planned.</param>
/// <param name="Message">What happens now, in words.</param>
public sealed record CampaignProgress(int Done, int Total, string Message);
