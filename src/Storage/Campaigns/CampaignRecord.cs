namespace MeterLab.Storage.Campaigns;

/// <summary>How far a campaign is.</summary>
public enum CampaignState
{
    /// <summary>under way, or its process was killed (its steps tell)</summary>
    Running,

    /// <summary>done, whatever its runs came to</summary>
    Finished,

    /// <summary>ended by a failure that no run accounts for</summary>
    Failed,

    /// <summary>stopped by a person or a signal; it can be resumed</summary>
    Interrupted,

    /// <summary>given up; it will not be resumed</summary>
    Aborted,
}

/// <summary>A campaign as it was started: everything needed to read its numbers years later, no secrets.</summary>
public sealed record CampaignRecord
{
    /// <summary>Name and UTC stamp: <see cref="CampaignStore.NewId"/>.</summary>
    public required string Id { get; init; }

    /// <summary>The name in the campaign file.</summary>
    public required string Name { get; init; }

    /// <summary>The rig's name.</summary>
    public required string Rig { get; init; }

    /// <summary>How far it is.</summary>
    public CampaignState State { get; init; } = CampaignState.Running;

    /// <summary>UTC of the lab host, ns since 1970.</summary>
    public required long StartedUtcNs { get; init; }

    /// <summary>The same; null while it runs.</summary>
    public long? EndedUtcNs { get; init; }

    /// <summary>What orders and draws; null where the order is as written.</summary>
    public long? Seed { get; init; }

    /// <summary>Percent, for verdicts.</summary>
    public required double TolerancePct { get; init; }

    /// <summary>The plan, JSON.</summary>
    public required string Plan { get; init; }

    /// <summary>The rig file's text, secrets as ***.</summary>
    public required string RigText { get; init; }

    /// <summary>The campaign file's text, secrets as ***.</summary>
    public required string CampaignText { get; init; }

    /// <summary>JSON object: path of each file that went in (profiles, uploads …) to its SHA-256.</summary>
    public string FileHashes { get; init; } = "{}";

    /// <summary>The version that ran it; empty takes the store's own.</summary>
    public string MeterlabVersion { get; init; } = "";
}
