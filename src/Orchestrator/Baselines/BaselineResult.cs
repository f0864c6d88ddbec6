using System.Text.Json.Serialization;

using MeterLab.Orchestrator.Reports;
using MeterLab.Orchestrator.Targets;

namespace MeterLab.Orchestrator.Baselines;

/// <summary>A baseline as JSON has it (contract, section 5, and more): SI units, <c>uncertainty…</c> expanded with k beside it, <c>u…</c> standard.</summary>
public sealed record BaselineResult
{
    public required string Target { get; init; }
    public required string Scope { get; init; }
    /// <summary>The campaign that measured it before its runs; null where it was measured by itself.</summary>
    public string? Campaign { get; init; }
    public required double StaticW { get; init; }
    public double? UncertaintyW { get; init; }
    public double K { get; init; } = 2;
    public required double DurationS { get; init; }
    /// <summary>Whether the power was steady; false too where that could not be judged.</summary>
    public required bool Steady { get; init; }
    public required string Measured { get; init; }
    public string? ValidUntil { get; init; }
    public required string Fingerprint { get; init; }
    public IReadOnlyList<EstimatorAtIdle> EstimatorsAtIdle { get; init; } = [];
    /// <summary>Governor, SMT, turbo, graphics, services in a line.</summary>
    public string State { get; init; } = "";
    /// <summary>Everything that the fingerprint is made of.</summary>
    public IReadOnlyList<FingerprintPart> Machine { get; init; } = [];
    /// <summary>From the machine's own wandering within the measurement.</summary>
    [JsonPropertyName("u_random_w")]
    public double URandomW { get; init; }
    /// <summary>From the meters; null where their accuracy is not known.</summary>
    [JsonPropertyName("u_meter_w")]
    public double? UMeterW { get; init; }
    /// <summary>The part of that from the meters' rounding, which differs from one baseline to the next; null where an earlier version did not tell.</summary>
    [JsonPropertyName("u_resolution_w")]
    public double? UResolutionW { get; init; }
    /// <summary>Degrees of freedom of <c>u_random_w</c>; null where an earlier version did not tell.</summary>
    public double? Freedom { get; init; }
    /// <summary>How many independent values the stretch is worth.</summary>
    public double EffectiveCount { get; init; }
    /// <summary>How long it took to settle, all waits together.</summary>
    public double SettledAfterS { get; init; }
    /// <summary>Hottest sensor at the end; null where none can be read.</summary>
    [JsonPropertyName("temperature_degc")]
    public double? TemperatureDegC { get; init; }
    /// <summary>METER/CHANNEL of each channel that was added up, and the traces that hold its samples.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];
    public IReadOnlyList<long> Traces { get; init; } = [];
    public BaselineComparison? Change { get; init; }
    public PowerCurve? PowerCurve { get; init; }
    public IReadOnlyList<FindingRow> Findings { get; init; } = [];

    /// <summary>The rule of the finding that says that steadiness could not be judged.</summary>
    public const string SteadinessUnjudged = "steadiness-unjudged";

    /// <summary>Steadiness in a word: yes, NO, or not judged.</summary>
    [JsonIgnore]
    public string SteadyWord => Steady ? "yes" : Findings.Any(finding => finding.Rule == SteadinessUnjudged) ? "not judged" : "NO";
}

/// <summary>This baseline against earlier ones.</summary>
/// <param name="ChangeW">New minus old, W.</param>
/// <param name="ThresholdW">The smallest change that would be called one, W.</param>
/// <param name="FalseAlarmRate">How often one is called where there is none: where nothing but the measurement varies, below three earlier ones, and from night to night from there on.</param>
/// <param name="Changed">Whether it is called a change.</param>
/// <param name="Baselines">How many earlier ones took part.</param>
/// <param name="Since">When the last of them was measured.</param>
/// <param name="FingerprintChanges">What changed of the machine since then.</param>
/// <param name="UncertaintyW">Expanded uncertainty (95 %) of the change as a difference between the measurements, W.</param>
/// <param name="BeyondNights">Whether it stands out of the scatter from night to night; this and what follows is null where an earlier version did not tell.</param>
/// <param name="NightsThresholdW">The smallest change that would, W.</param>
/// <param name="NightScatterW">That scatter, standard deviation, W.</param>
/// <param name="ScatterAssumed">Whether it was assumed, because fewer than three earlier baselines tell it.</param>
public sealed record BaselineComparison(
    double ChangeW, double ThresholdW, double FalseAlarmRate, bool Changed, int Baselines, string Since, IReadOnlyList<string> FingerprintChanges,
    double? UncertaintyW = null, bool? BeyondNights = null, double? NightsThresholdW = null, double? NightScatterW = null, bool? ScatterAssumed = null);

/// <summary>Power by busy processors, fitted to load steps, and what it says of an idle machine.</summary>
public sealed record PowerCurve
{
    public required IReadOnlyList<PowerStep> Steps { get; init; }
    public required double ExtrapolatedW { get; init; }
    public required double UncertaintyW { get; init; }
    public double K { get; init; } = 2;
    public required double WPerBusyCore { get; init; }
    /// <summary>linear or quadratic.</summary>
    public required string Law { get; init; }
    /// <summary>Whether the extrapolation and the measured idle power agree.</summary>
    public required bool Agrees { get; init; }
}

/// <summary>One load step.</summary>
public sealed record PowerStep(int Workers, double BusyCores, double PowerW, [property: JsonPropertyName("u_w")] double UW);
