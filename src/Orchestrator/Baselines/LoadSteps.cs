using MeterLab.Measurement;
using MeterLab.Measurement.Statistics;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Orchestrator.Targets;

namespace MeterLab.Orchestrator.Baselines;

/// <summary>Loads a target in steps of a quarter of its processors and measures each.</summary>
internal sealed class LoadSteps(LabContext lab, ITarget target, IdleTrace trace, Action<string> say)
{
    // The first fifth is rise (clocks, regulators, a late meter), the last bit the end's.
    private const double From = 0.2;
    private const double To = 0.95;
    private const double LeastBins = 45;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>The power curve against the idle power, with what must be said of it. Throws <see cref="TargetException"/>.</summary>
    public async Task<(PowerCurve? Curve, IReadOnlyList<Finding> Findings)> RunAsync(
        IdleLevel idle, int processors, TimeSpan length, string run, CancellationToken cancellationToken)
    {
        var wanted = TimeSpan.FromSeconds(Math.Max(length.TotalSeconds, LeastBins / (To - From) * trace.BinSeconds));
        var step = wanted < Longest ? wanted : Longest;
        var helper = await TargetClock.FindHelperAsync(target, cancellationToken).ConfigureAwait(false);
        var steps = new List<PowerStep>();
        foreach (var workers in Enumerable.Range(1, 4).Select(quarter => (int)Math.Round(processors * quarter / 4.0, MidpointRounding.AwayFromZero)).Where(n => n > 0).Distinct())
        {
            say(FormattableString.Invariant($"load step: {workers} of {processors} processors busy for {step.TotalSeconds:0} s"));
            if (await StepAsync(workers, helper, step, $"{run}-load-{workers}", cancellationToken).ConfigureAwait(false) is { } measured)
                steps.Add(measured);
        }

        var curve = PowerCurveFit.Of(steps, idle);
        return (curve, [Words(curve, idle, steps.Count)]);
    }

    private async Task<PowerStep?> StepAsync(int workers, ClockHelper helper, TimeSpan step, string run, CancellationToken cancellationToken)
    {
        var runner = new WorkloadRunner(target, lab.Time);
        var started = await runner.StartAsync(new PatternWorkload("1", step, workers).ToSpec(run, helper), cancellationToken).ConfigureAwait(false);
        var begunNs = lab.Clock.MonotonicNs;
        try
        {
            await runner.WaitAsync(started, Patience, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await runner.StopAsync(started, TimeSpan.FromSeconds(1), CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        var record = await runner.CollectAsync(started, cancellationToken).ConfigureAwait(false);
        await runner.RemoveAsync(started, cancellationToken).ConfigureAwait(false);
        if (record is not { ExitCode: 0 })
            throw new TargetException(TargetFailure.Command, target.Name, $"the load step failed: {record?.ErrorTail.Trim() ?? "it left no record"}");
        var found = await trace.LevelAsync(
            begunNs + (long)(From * step.TotalSeconds * 1e9), begunNs + (long)(To * step.TotalSeconds * 1e9), cancellationToken).ConfigureAwait(false);
        return found is { } level ? new PowerStep(workers, record.CpuSeconds / step.TotalSeconds, level.Level.Watts, level.Level.RandomW) : null;
    }

    private static Finding Words(PowerCurve? curve, IdleLevel idle, int steps)
    {
        if (curve is null)
            return new Finding("load-steps", Severity.Warning, $"{steps} load steps could be measured; two different ones are needed to extrapolate.");
        var difference = idle.Watts - curve.ExtrapolatedW;
        var figures = FormattableString.Invariant(
            $"Extrapolated from {steps} load steps ({curve.Law}) the machine would draw {curve.ExtrapolatedW:0.0} +/- {curve.UncertaintyW:0.0} W with nothing to do; at rest it drew {idle.Watts:0.0} +/- {idle.UncertaintyW ?? idle.K * idle.RandomW:0.0} W");
        if (curve.Agrees)
            return new Finding("load-steps", Severity.Note, figures + ": the two agree." + (steps == 2 ? " With two steps a bend of the curve cannot be seen." : ""));
        return new Finding("load-steps", Severity.Warning, FormattableString.Invariant($"{figures}: {Math.Abs(difference):0.0} W ") + (difference < 0
            ? "less. At rest it reaches a sleeping state (C-states, links asleep) that no workload sees; a workload's static share is the extrapolated value."
            : "more. Either something worked while it rested, or the curve bends below the smallest step."));
    }
}
