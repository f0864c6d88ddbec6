using System.Text.Json;
using System.Text.Json.Serialization;

using NodaTime.Text;

using MeterLab.Estimators;
using MeterLab.Measurement;
using MeterLab.Measurement.Energy;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Orchestrator.Targets;
using MeterLab.Orchestrator.Validity;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>What of rig and campaign the reconciler needs, and where the campaign file lay, kept with the campaign as JSON.</summary>
internal sealed record PlanDocument(IReadOnlyList<TargetDocument> Targets, ValidityLimits Limits, double Tolerance, RunLimits? RunLimits = null, string? CampaignFile = null);

/// <summary>A target as it was in the campaign.</summary>
internal sealed record TargetDocument(string Name, IReadOnlyList<FeedDocument> Feeds, Hardware Hardware, GridIntensity? Grid = null);

/// <summary>What fed it.</summary>
internal sealed record FeedDocument(ChannelId Channel, Scope Scope, MeterRole Role, double? RangeW = null, string? CertificateDate = null)
{
    /// <summary>A feed of the rig with what its meter's entry says.</summary>
    public static FeedDocument Of(Feed feed, RigMeter meter) =>
        new(feed.Channel, feed.Scope, meter.Role, meter.RangeW, meter.Certificate is { } certificate ? LocalDatePattern.Iso.Format(certificate.Date) : null);
}

/// <summary>What a run left behind besides its stamps, kept with the run as JSON.</summary>
internal sealed record RunDocument
{
    /// <summary>The line just before launch, ns.</summary>
    public long LaunchedNs { get; init; }

    /// <summary>The line when its end was seen, ns.</summary>
    public long SeenEndNs { get; init; }

    /// <summary>What static estimators count.</summary>
    public Device Device { get; init; }

    /// <summary>The estimators asked.</summary>
    public IReadOnlyList<string> Estimators { get; init; } = [];

    /// <summary>CPU seconds of the workload.</summary>
    public double? CpuSeconds { get; init; }

    /// <summary>CPU seconds of the whole target.</summary>
    public double? MachineCpuSeconds { get; init; }

    /// <summary>CPU seconds of runner and probes.</summary>
    public double? OverheadCpuSeconds { get; init; }

    /// <summary>CPU seconds of the clock probes' helper alone, by the target's own accounting.</summary>
    public double? ProbeCpuSeconds { get; init; }

    /// <summary>The line's seconds in which they were spent: a little more than the run.</summary>
    public double? ProbeElapsedSeconds { get; init; }

    /// <summary>CPU seconds of each estimator's program.</summary>
    public IReadOnlyDictionary<string, double> EstimatorCpuSeconds { get; init; } = new Dictionary<string, double>();

    /// <summary>Who keeps the target's clock, by its own account.</summary>
    public Targets.ClockStatus? ClockStatus { get; init; }

    /// <summary>How busy and hot the target was just before; null where the rig file states no gates.</summary>
    public IdleBefore? IdleBefore { get; init; }

    /// <summary>Logical processors, as the target tells.</summary>
    public int? LogicalCpus { get; init; }

    /// <summary>The target's boot.</summary>
    public string? BootId { get; init; }

    /// <summary>The end of its standard output.</summary>
    public string OutputTail { get; init; } = "";

    /// <summary>The end of its standard error.</summary>
    public string ErrorTail { get; init; } = "";

    /// <summary>Findings made while it ran.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];
}

/// <summary>A sync pattern's edges as the target stamped them, and what its sensors saw of it.</summary>
internal sealed record PatternDocument(string Target, IReadOnlyList<Targets.LoadEdge> Edges, IReadOnlyList<Reconciliation.SensorTrace>? Sensors = null);

/// <summary>A baseline's target, and whether it is the long one before the runs, which is kept.</summary>
internal sealed record BaselineDocument(string Target, bool Kept = false);

/// <summary>A target as it described itself: the fingerprint's hash, and what it is made of.</summary>
internal sealed record MachineDocument(string Target, string Hash, IReadOnlyList<FingerprintPart> Parts, string State = "");

/// <summary>What estimators claimed of a target at rest that ran together, and when on the line (ns; both 0 where that was not kept).</summary>
internal sealed record IdleClaimsDocument(string Target, IReadOnlyList<Baselines.EstimatorAtIdle> Claims, long FromNs = 0, long ToNs = 0);

/// <summary>How these documents are written: compact, enumerations by name.</summary>
internal static class DocumentJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        Converters = { new JsonStringEnumConverter() },
    };

    public static string Write<T>(T document) => JsonSerializer.Serialize(document, Options);

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options)
        ?? throw new JsonException($"A stored {typeof(T).Name} is empty.");
}
