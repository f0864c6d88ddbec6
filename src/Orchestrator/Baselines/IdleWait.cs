using MeterLab.Measurement;
using MeterLab.Measurement.Statistics;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Orchestrator.Targets;

namespace MeterLab.Orchestrator.Baselines;

/// <summary>
/// Waits until a machine at rest has settled, and measures from then on until the wanted uncertainty is reached or time is up. What comes up
/// while it is measuring (a fan, a task) sends it back to waiting, as long as waiting is allowed.
/// </summary>
internal sealed class IdleWait(LabContext lab, ITarget target, IdleTrace trace, BaselineRequest request, Action<string> say)
{
    internal const double NegligibleShare = 0.02;
    private const double WantedShare = 0.01;
    internal const double LeastWantedW = 0.1;
    private const double LeastIndependent = 8;

    // Fewer do not show a memory of some seconds (the table of baselines in tests/Coverage, readings of 1 s).
    private const int LeastBins = 33;
    private const double MostWarmingDegC = 1;

    // Beyond this the meters decide, and time does not help.
    private const double RandomShareOfMeter = 1.0 / 3;

    private static readonly TimeSpan TemperatureEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly List<Finding> _findings = [];
    private readonly List<(long AtNs, double DegC)> _temperatures = [];

    /// <summary>What was found on the way.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>The last temperature, degC; null where none can be read.</summary>
    public double? TemperatureDegC => _temperatures.Count == 0 ? null : _temperatures[^1].DegC;

    /// <summary>Waits and measures.</summary>
    public async Task<IdleStretch> RunAsync(CancellationToken cancellationToken)
    {
        var begunNs = lab.Clock.MonotonicNs;
        var watchedNs = begunNs;
        while (true)
        {
            var (settled, why) = await SettleAsync(watchedNs, begunNs, cancellationToken).ConfigureAwait(false);
            var fromNs = lab.Clock.MonotonicNs;
            var waited = TimeSpan.FromTicks((fromNs - begunNs) / 100);
            if (!settled)
            {
                _findings.Add(new Finding("not-settled", Severity.Warning, FormattableString.Invariant(
                    $"The power had not settled after {waited.TotalSeconds:0} s of waiting ({why}); what was measured then is no steady idle power.")));
            }

            var last = waited >= request.SettleAtMost || !settled;
            var stretch = await MeasureAsync(fromNs, last, cancellationToken).ConfigureAwait(false);
            stretch = stretch with { Steady = stretch.Steady && settled, SettledAfterS = waited.TotalSeconds };
            if (stretch.Steady || last)
                return stretch;
            _findings.Add(new Finding("settled-again", Severity.Note, FormattableString.Invariant(
                $"{(stretch.ToNs - begunNs) * 1e-9:0} s after the beginning the power moved ({stretch.Reason}); it was waited for once more.")));
            // What was measured so far shows the change, and is watched as part of the settling.
            watchedNs = fromNs;
        }
    }

    private async Task<(bool Settled, string Why)> SettleAsync(long watchedNs, long begunNs, CancellationToken cancellationToken)
    {
        var why = "it was not waited for";
        while (true)
        {
            await ReadTemperatureAsync(cancellationToken).ConfigureAwait(false);
            var now = lab.Clock.MonotonicNs;
            var watched = TimeSpan.FromTicks((now - watchedNs) / 100);
            var bins = await trace.BinsAsync(watchedNs, now, cancellationToken).ConfigureAwait(false);
            var settling = Settling.Judge(bins.Watts, Negligible(bins.Watts));
            var warming = Warming(now);
            if (settling.Steady && warming is null && watched >= request.SettleAtLeast)
                return (true, "");
            why = settling.Reason ?? warming ?? why;
            if (TimeSpan.FromTicks((now - begunNs) / 100) >= request.SettleAtMost)
                return (false, why);
            say(FormattableString.Invariant($"waiting for the power to settle: {watched.TotalSeconds:0} s, {why}"));
            await Task.Delay(Pause(watched), lab.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<IdleStretch> MeasureAsync(long fromNs, bool toTheEnd, CancellationToken cancellationToken)
    {
        while (true)
        {
            var so = TimeSpan.FromTicks((lab.Clock.MonotonicNs - fromNs) / 100);
            var pause = Pause(so);
            var left = request.AtMost - so;
            await Task.Delay(left < pause && left > TimeSpan.Zero ? left : pause, lab.Time, cancellationToken).ConfigureAwait(false);
            var now = lab.Clock.MonotonicNs;
            var measured = TimeSpan.FromTicks((now - fromNs) / 100);
            if (await trace.LevelAsync(fromNs, now, cancellationToken).ConfigureAwait(false) is not { } found)
            {
                // A slow meter needs more than was asked for; a silent one is not waited for.
                if (measured < request.AtMost + LongestPause + TimeSpan.FromSeconds(2 * IdleLevel.Fewest * trace.BinSeconds))
                    continue;
                throw new MeterDrivers.LinkException(MeterDrivers.LinkFailure.TimedOut, FormattableString.Invariant(
                    $"{target.Name}: its meters gave too few samples in {measured.TotalSeconds:0} s to tell the idle power; a longer --seconds or a quicker meter helps."));
            }

            var (level, bins) = found;
            var settling = bins.Watts.Length < Settling.Fewest ? new Settling(true, 0, null) : Settling.Judge(bins.Watts, Negligible(bins.Watts));
            var stretch = new IdleStretch(fromNs, now, level, bins, settling.Steady, settling.Reason, 0);
            if (!settling.Steady && !toTheEnd)
                return stretch;
            say(FormattableString.Invariant($"measuring: {measured.TotalSeconds:0} s, {level.Watts:0.00} W +/- {level.UncertaintyW ?? level.K * level.RandomW:0.00} W"));
            if (measured >= request.AtMost || (measured >= Least && bins.Watts.Length >= LeastBins && Enough(level)))
                return stretch;
        }
    }

    private TimeSpan Least => request.AtLeast < request.AtMost ? request.AtLeast : request.AtMost;

    private double Wanted(double watts) => request.UncertaintyW ?? Math.Max(LeastWantedW, WantedShare * Math.Abs(watts));

    private bool Enough(IdleLevel level)
    {
        if (level.EffectiveCount < LeastIndependent)
            return false;
        return level.UncertaintyW <= Wanted(level.Watts)
            || (level.MeterW is { } meter && level.K * meter > Wanted(level.Watts) && level.RandomW < RandomShareOfMeter * meter);
    }

    private double Negligible(ReadOnlySpan<double> watts)
    {
        var sum = 0.0;
        foreach (var value in watts)
            sum += Math.Abs(value);
        var share = watts.Length == 0 ? 0 : NegligibleShare * sum / watts.Length;
        return Math.Max(share, request.UncertaintyW ?? LeastWantedW);
    }

    private static TimeSpan Pause(TimeSpan elapsed)
    {
        var eighth = elapsed / 8;
        return eighth < ShortestPause ? ShortestPause : eighth < LongestPause ? eighth : LongestPause;
    }

    private async Task ReadTemperatureAsync(CancellationToken cancellationToken)
    {
        var now = lab.Clock.MonotonicNs;
        if (_temperatures.Count > 0 && now - _temperatures[^1].AtNs < TemperatureEvery.Ticks * 100)
            return;
        if (await TargetTemperature.ReadAsync(target, cancellationToken).ConfigureAwait(false) is { } degC)
            _temperatures.Add((now, degC));
    }

    // A machine that still cools or warms has another idle power in a few minutes, however flat its trace is now.
    private string? Warming(long nowNs)
    {
        if (_temperatures.Count < 2)
            return null;
        var recent = _temperatures.Where(one => nowNs - one.AtNs < 4 * TemperatureEvery.Ticks * 100).Select(one => one.DegC).ToList();
        if (recent.Count < 2)
            return null;
        var change = recent.Max() - recent.Min();
        return change > MostWarmingDegC
            ? FormattableString.Invariant($"its temperature moves by {change:0.0} K within {4 * TemperatureEvery.TotalSeconds:0} s, {MostWarmingDegC:0.0} K at most were right")
            : null;
    }
}

/// <summary>A measured stretch of rest.</summary>
/// <param name="FromNs">Its start on the line.</param>
/// <param name="ToNs">Its end.</param>
/// <param name="Level">Its power.</param>
/// <param name="Bins">What that is the mean of.</param>
/// <param name="Steady">Whether it is steady.</param>
/// <param name="Reason">Why not.</param>
/// <param name="SettledAfterS">How long was waited before it, s.</param>
internal sealed record IdleStretch(long FromNs, long ToNs, IdleLevel Level, PowerBins Bins, bool Steady, string? Reason, double SettledAfterS);
