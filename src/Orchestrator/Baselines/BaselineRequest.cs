using MeterLab.Measurement.Quantities;

namespace MeterLab.Orchestrator.Baselines;

/// <summary>How a baseline is to be measured.</summary>
public sealed record BaselineRequest
{
    /// <summary>What to measure; null takes the widest scope that a reference meter feeds.</summary>
    public Scope? Scope { get; init; }

    /// <summary>Measured for so long at most, once the machine has settled.</summary>
    public TimeSpan AtMost { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>And for so long at least, so that stopping is not luck.</summary>
    public TimeSpan AtLeast { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Waiting for the machine to settle takes so long at most, all waits together.</summary>
    public TimeSpan SettleAtMost { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The machine is watched for so long before it can be called settled.</summary>
    public TimeSpan SettleAtLeast { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Wanted expanded uncertainty, W; null wants 1 % of the power, at least 0.1 W.</summary>
    public double? UncertaintyW { get; init; }

    /// <summary>Whether load steps follow: the power curve and an independent value by extrapolation.</summary>
    public bool LoadSteps { get; init; }

    /// <summary>How long each step lasts.</summary>
    public TimeSpan LoadStep { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The estimators are run at rest for so long at most; nothing leaves them out.</summary>
    public TimeSpan EstimatorsAtMost { get; init; } = TimeSpan.FromSeconds(30);
}
