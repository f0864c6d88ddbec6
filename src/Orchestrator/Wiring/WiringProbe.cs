using MeterLab.Measurement;
using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Lag;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Orchestrator.Targets;

namespace MeterLab.Orchestrator.Wiring;

/// <summary>
/// Finds out what is wired to what: switches the load of one target by a pseudo-random pattern while all meters of the rig record, and sees which
/// channels follow. Nothing is stored.
/// </summary>
/// <param name="meters">Opens meters.</param>
/// <param name="openTarget">Reaches targets.</param>
/// <param name="time">Delays.</param>
public sealed class WiringProbe(MeterFactory meters, Func<RigTarget, Rig, ITarget> openTarget, TimeProvider time)
{
    // 31 chips, each of them long enough for a slow meter to see, and for a shell to start and stop a load on every core.
    private const int Order = 5;
    private const double PeriodsPerChip = 2.37;
    private const int MostRounds = 3;
    private const double LongestPeriodSeconds = 5;
    private const double ShortestPeriodSeconds = 0.25;
    private static readonly TimeSpan ToolDeadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Tail = TimeSpan.FromSeconds(1);

    /// <summary>Plays the pattern. Throws <see cref="TargetException"/>; a meter that does not open is a finding.</summary>
    public async Task<WiringReport> IdentifyAsync(Rig rig, RigTarget target, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rig);
        ArgumentNullException.ThrowIfNull(target);
        var findings = new List<Finding>();
        var reach = openTarget(target, rig);
        await using var _ = reach.ConfigureAwait(false);
        var helper = await TargetClock.FindHelperAsync(reach, cancellationToken).ConfigureAwait(false);
        var captures = await StartAsync(rig, findings, cancellationToken).ConfigureAwait(false);
        try
        {
            var slowest = captures.SelectMany(capture => capture.Traces).Select(trace => trace.Response.UpdatePeriodSeconds).DefaultIfEmpty(1).Max();
            var pattern = SyncPattern.Create(Order, Math.Clamp(slowest, ShortestPeriodSeconds, LongestPeriodSeconds), PeriodsPerChip);
            var workers = await ProcessorsAsync(reach, cancellationToken).ConfigureAwait(false);
            var edges = new List<(double AtNs, bool Busy)>();
            List<WiringChannel> channels = [];
            var rounds = 0;
            // A machine that is busy with something else is a restless load; what cannot be told from one pattern may be from several.
            while (rounds++ < MostRounds)
            {
                progress?.Report(FormattableString.Invariant($"{target.Name}: switching its load by a pattern of {pattern.Seconds:0} s ({rounds} of at most {MostRounds})"));
                edges.AddRange(await PlayAsync(reach, helper, pattern, workers, TimeSpan.FromSeconds(slowest), cancellationToken).ConfigureAwait(false));
                channels = Channels(target, captures, edges);
                if (!channels.Exists(channel => channel.Scope is not null && WiringFindings.IsUnsettled(channel, channels)))
                    break;
            }

            await StopAsync(captures, findings).ConfigureAwait(false);
            findings.AddRange(WiringFindings.Of(target.Name, channels));
            return new WiringReport(target.Name, pattern.Seconds * Math.Min(rounds, MostRounds), channels, findings);
        }
        finally
        {
            foreach (var capture in captures)
                await capture.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Records for a while and gives each channel's mean as its step: with the load switched off (<paramref name="expected"/> 0), or with one of known
    /// power. Nothing is run on the target.
    /// </summary>
    public async Task<WiringReport> CheckAsync(Rig rig, RigTarget target, double expected, TimeSpan duration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rig);
        ArgumentNullException.ThrowIfNull(target);
        var findings = new List<Finding>();
        var captures = await StartAsync(rig, findings, cancellationToken).ConfigureAwait(false);
        try
        {
            await Task.Delay(duration, time, cancellationToken).ConfigureAwait(false);
            await StopAsync(captures, findings).ConfigureAwait(false);
            var known = captures.SelectMany(capture => capture.Traces.Select((trace, i) => KnownLoad.Of(trace, capture.Samples(i), ScopeOf(target, trace)))).ToList();
            findings.AddRange(KnownLoad.Findings(known, expected));
            return new WiringReport(target.Name, duration.TotalSeconds, [.. known.Select(load => load.Channel).OrderBy(channel => channel.Scope is null)], findings);
        }
        finally
        {
            foreach (var capture in captures)
                await capture.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<List<(double AtNs, bool Busy)>> PlayAsync(
        ITarget target, ClockHelper helper, SyncPattern pattern, int workers, TimeSpan lag, CancellationToken cancellationToken)
    {
        var before = await OffsetAsync(target, helper, cancellationToken).ConfigureAwait(false);
        var run = $"wiring-{Guid.NewGuid():n}";
        var (edges, _) = await SyncPlayer.PlayAsync(target, helper, pattern, workers, run, [], time, cancellationToken).ConfigureAwait(false);
        await Task.Delay(Tail + lag, time, cancellationToken).ConfigureAwait(false);
        return OnLine(edges, before, await OffsetAsync(target, helper, cancellationToken).ConfigureAwait(false));
    }

    private async Task<List<PowerCapture>> StartAsync(Rig rig, List<Finding> findings, CancellationToken cancellationToken)
    {
        var captures = new List<PowerCapture>();
        foreach (var meter in rig.Meters)
        {
            try
            {
                captures.Add(await PowerCapture.StartAsync(meter, meters, cancellationToken).ConfigureAwait(false));
            }
            catch (MeterLabException e) when (e is LinkException or MeterException)
            {
                findings.Add(new Finding("meter-absent", Severity.Warning, $"{meter.Name} is left out: {e.Message}"));
            }
        }

        return captures;
    }

    private static async Task StopAsync(List<PowerCapture> captures, List<Finding> findings)
    {
        foreach (var capture in captures)
        {
            try
            {
                await capture.StopAsync().ConfigureAwait(false);
            }
            catch (MeterLabException e)
            {
                findings.Add(new Finding("meter-absent", Severity.Warning, $"A meter stopped while it was recorded: {e.Message}"));
            }
        }
    }

    private static List<WiringChannel> Channels(RigTarget target, List<PowerCapture> captures, IReadOnlyList<(double AtNs, bool Busy)> edges)
    {
        var channels = new List<WiringChannel>();
        foreach (var capture in captures)
        {
            for (var i = 0; i < capture.Traces.Count; i++)
            {
                var (trace, samples) = (capture.Traces[i], capture.Samples(i));
                var step = LoadResponse.Of(edges, samples, trace.Response);
                channels.Add(new WiringChannel(
                    trace.Channel, ScopeOf(target, trace), step?.Step, step?.Uncertainty, samples.Count, trace.Accuracy?.ReadingPercent / 100));
            }
        }

        return [.. channels.OrderBy(channel => channel.Scope is null)];
    }

    private static Scope? ScopeOf(RigTarget target, TraceDescription trace)
    {
        foreach (var feed in target.FedBy)
        {
            if (feed.Channel == trace.Channel)
                return feed.Scope;
        }

        return null;
    }

    // The target's clock minus the line, ns, from the quickest of some probes, and when that was on the target's clock.
    private async Task<(double AtNs, double OffsetNs)> OffsetAsync(ITarget target, ClockHelper helper, CancellationToken cancellationToken)
    {
        var channel = await TargetClock.OpenAsync(target, helper, cancellationToken).ConfigureAwait(false);
        await using (channel.ConfigureAwait(false))
        {
            var probes = await TargetClock.ProbeAsync(channel, ProbeOptions.During(helper), time, cancellationToken).ConfigureAwait(false);
            var quickest = probes.MinBy(probe => probe.RoundTripNs);
            return (quickest.RemoteNs, quickest.RemoteNs - quickest.MiddleNs);
        }
    }

    // A straight line between the two offsets: what it is off by, the meters' unknown lags hide.
    private static List<(double AtNs, bool Busy)> OnLine(IReadOnlyList<LoadEdge> edges, (double AtNs, double OffsetNs) before, (double AtNs, double OffsetNs) after)
    {
        var rate = after.AtNs > before.AtNs ? (after.OffsetNs - before.OffsetNs) / (after.AtNs - before.AtNs) : 0;
        return [.. edges.Select(edge =>
        {
            var middle = edge.BeforeNs + (edge.AfterNs - edge.BeforeNs) / 2.0;
            return (middle - before.OffsetNs - rate * (middle - before.AtNs), edge.Busy);
        })];
    }

    private static async Task<int> ProcessorsAsync(ITarget target, CancellationToken cancellationToken)
    {
        var result = await target.RunAsync(["getconf", "_NPROCESSORS_ONLN"], new CommandOptions(ToolDeadline), cancellationToken).ConfigureAwait(false);
        return result.ExitCode == 0 && int.TryParse(result.Output.Trim(), System.Globalization.CultureInfo.InvariantCulture, out var count) && count > 0 ? count : 1;
    }
}
