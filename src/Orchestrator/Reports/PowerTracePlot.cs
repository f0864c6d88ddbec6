namespace MeterLab.Orchestrator.Reports;

/// <summary>The mean power that an estimator's energy would be over the run's window.</summary>
/// <param name="Estimator">The estimator's name.</param>
/// <param name="PowerW">W.</param>
public sealed record EstimatorMean(string Estimator, double PowerW);

/// <summary>
/// The power of one channel around one run, on the run's time line: second 0 is the start of the workload, and the meter's
/// delay and lag are already taken out of <see cref="TimesS"/>.
/// </summary>
public sealed record PowerTracePlot
{
    /// <summary>The run's name, as in <see cref="RunResult.Run"/>.</summary>
    public required string Run { get; init; }

    /// <summary>The meter's name in the rig file.</summary>
    public required string Meter { get; init; }

    /// <summary>The meter's channel.</summary>
    public required string Channel { get; init; }

    /// <summary>What the channel covers: <c>wall-ac</c>.</summary>
    public required string Scope { get; init; }

    /// <summary>s since the start of the run, ascending; the same length as <see cref="Watts"/>.</summary>
    public required IReadOnlyList<double> TimesS { get; init; }

    /// <summary>W; NaN breaks the line where samples are missing.</summary>
    public required IReadOnlyList<double> Watts { get; init; }

    /// <summary>Start of the window whose energy is compared, s; 0 unless the window was moved.</summary>
    public required double WindowStartS { get; init; }

    /// <summary>End of the window, s.</summary>
    public required double WindowEndS { get; init; }

    /// <summary>How well either edge is known on the meter's time line, s, expanded (95 %); null where unknown.</summary>
    public double? EdgeUncertaintyS { get; init; }

    /// <summary>The meter's own mean power over the window, W.</summary>
    public double? MeterMeanW { get; init; }

    /// <summary>The mean powers that the estimators' energies would be, whatever each covers.</summary>
    public IReadOnlyList<EstimatorMean> Estimators { get; init; } = [];

    /// <summary>How late the meter was, s; taken out of the times.</summary>
    public double? LagS { get; init; }

    /// <summary>Its expanded uncertainty, s.</summary>
    public double? LagUncertaintyS { get; init; }

    /// <summary>
    /// Makes the picture of a run: mean powers are energies divided by the run's duration. Long series are reduced so that every spike stays visible.
    /// </summary>
    /// <exception cref="ArgumentException">Times and watts differ in length, or the window ends before it starts.</exception>
    public static PowerTracePlot Of(
        RunResult run, MeterResult meter, IReadOnlyList<double> timesS, IReadOnlyList<double> watts,
        double windowStartS, double windowEndS, double? edgeUncertaintyS)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(meter);
        if (windowEndS <= windowStartS)
            throw new ArgumentException("A window ends after it starts.", nameof(windowEndS));
        var (times, values) = TraceEnvelope.Reduce(timesS, watts, TraceEnvelope.DefaultColumns);
        var seconds = windowEndS - windowStartS;
        return new PowerTracePlot
        {
            Run = run.Run,
            Meter = meter.Meter,
            Channel = meter.Channel,
            Scope = meter.Scope,
            TimesS = times,
            Watts = values,
            WindowStartS = windowStartS,
            WindowEndS = windowEndS,
            EdgeUncertaintyS = edgeUncertaintyS,
            MeterMeanW = meter.EnergyJ / seconds,
            Estimators =
            [
                .. run.Estimators
                    .Where(estimator => estimator.EnergyJ is not null)
                    .Select(estimator => new EstimatorMean(estimator.Estimator, estimator.EnergyJ!.Value / seconds)),
            ],
            LagS = run.Clock?.MeterLagS,
            LagUncertaintyS = run.Clock?.MeterLagUncertaintyS,
        };
    }
}
