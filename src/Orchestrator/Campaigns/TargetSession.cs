using System.Globalization;

using MeterLab.Measurement;
using MeterLab.Measurement.Clocks;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Orchestrator.Targets;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>
/// A target during a campaign: its clock is probed over one open channel, in short bursts every few seconds and at once where a run
/// begins or ends. A channel that is lost or stops answering is opened again; probes that are missing show as uncertainty, never as
/// an error.
/// </summary>
internal sealed class TargetSession : IAsyncDisposable
{
    private static readonly TimeSpan ToolDeadline = TimeSpan.FromSeconds(20);

    private readonly LabContext _lab;
    private readonly string _campaign;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Random _random = new(1);
    private ClockChannel? _channel;
    private (double CpuSeconds, long AtNs) _cost;
    private Task _probing = Task.CompletedTask;
    private string? _boot;
    private bool _opened;
    private int _failures;
    private int _reopened;

    private TargetSession(RigTarget rig, ITarget target, ClockHelper helper, LabContext lab, string campaign)
    {
        Rig = rig;
        Target = target;
        Helper = helper;
        _lab = lab;
        _campaign = campaign;
    }

    /// <summary>Its entry in the rig file.</summary>
    public RigTarget Rig { get; }

    /// <summary>The reach into it.</summary>
    public ITarget Target { get; }

    /// <summary>How it tells the time.</summary>
    public ClockHelper Helper { get; }

    /// <summary>Its logical processors; null where it does not tell.</summary>
    public int? LogicalCpus { get; private init; }

    /// <summary>Who keeps its clock, by its own account at the start.</summary>
    public ClockStatus? ClockStatus { get; private init; }

    /// <summary>Bursts of probes that failed.</summary>
    public int Failures => Volatile.Read(ref _failures);

    /// <summary>How often the channel was lost and opened again.</summary>
    public int Reopened => Volatile.Read(ref _reopened);

    /// <summary>Reaches the target and finds its clock. Throws <see cref="TargetException"/>.</summary>
    public static async Task<TargetSession> OpenAsync(RigTarget rigTarget, Rig rig, LabContext lab, string campaign, CancellationToken cancellationToken)
    {
        var target = lab.OpenTarget(rigTarget, rig);
        try
        {
            var helper = await TargetClock.FindHelperAsync(target, cancellationToken).ConfigureAwait(false);
            var session = new TargetSession(rigTarget, target, helper, lab, campaign)
            {
                LogicalCpus = await ProcessorsAsync(target, cancellationToken).ConfigureAwait(false),
                ClockStatus = await ClockStatus.ReadAsync(target, cancellationToken).ConfigureAwait(false),
            };
            await session.ProbeAsync(cancellationToken).ConfigureAwait(false);
            var said = session.ClockStatus.Finding;
            lab.Store.Findings.Add(campaign, null, said with { Severity = Severity.Note, Detail = $"{rigTarget.Name}: {said.Detail}" });
            session._probing = session.ProbeForEverAsync(session._stop.Token);
            return session;
        }
        catch
        {
            await target.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A burst of probes now; kept in the store. Throws <see cref="TargetException"/> where the target does not answer in time.</summary>
    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var channel = _channel ??= await OpenChannelAsync(cancellationToken).ConfigureAwait(false);
            var observations = await TargetClock.ProbeAsync(channel, ProbeOptions.During(Helper), _lab.Time, cancellationToken).ConfigureAwait(false);
            _lab.Store.Clocks.AddObservations(_campaign, null, ClockId.Target(Rig.Name), observations);
        }
        catch (Exception e) when (e is TargetException or OperationCanceledException)
        {
            // After either the channel answers no more; the next burst opens another.
            await CloseChannelAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>A burst of probes, tried once more over another channel. False where both failed: that is counted and said, and nothing else.</summary>
    public async Task<bool> TryProbeAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < 2; attempt++)
        {
            try
            {
                await ProbeAsync(cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (TargetException e)
            {
                Failed(e);
            }
        }

        return false;
    }

    /// <summary>
    /// CPU seconds that the probes' helper has cost the target since the last call, by the target's own accounting, and the line's seconds since
    /// then. Null where the target does not tell, or where the channel was opened again in between.
    /// </summary>
    public async Task<(double CpuSeconds, double ElapsedSeconds)?> ProbeCostAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_channel is null || await _channel.CpuSecondsAsync(cancellationToken).ConfigureAwait(false) is not { } total)
                return null;
            var before = _cost;
            _cost = (total, _lab.Clock.MonotonicNs);
            return before.AtNs == 0 ? null : (Math.Max(0, total - before.CpuSeconds), (_cost.AtNs - before.AtNs) * 1e-9);
        }
        catch (TargetException e)
        {
            Failed(e);
            await CloseChannelAsync().ConfigureAwait(false);
            return null;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The target's boot and sleep; null where it does not answer, which is counted and said.</summary>
    public async Task<(TargetState State, long AtNs)?> StateAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await TargetState.ReadAsync(Target, cancellationToken).ConfigureAwait(false), _lab.Clock.MonotonicNs);
        }
        catch (TargetException e)
        {
            Failed(e);
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _probing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await CloseChannelAsync().ConfigureAwait(false);
        await Target.DisposeAsync().ConfigureAwait(false);
        if (Failures > 0)
        {
            _lab.Store.Findings.Add(_campaign, null, new Finding("clock-probes", Severity.Warning,
                $"{Rig.Name}: {Failures} bursts of clock probes failed, and the channel was opened again {Reopened} times."));
        }

        _stop.Dispose();
        _turn.Dispose();
    }

    private async Task ProbeForEverAsync(CancellationToken cancellationToken)
    {
        var pause = ProbeOptions.During(Helper).Pause;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                // Random pauses: regular probing can lock onto whatever else is regular on the link (Veitch 2009).
                await Task.Delay(pause * (0.5 + _random.NextDouble()), _lab.Time, cancellationToken).ConfigureAwait(false);
                await ProbeAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (TargetException e)
            {
                Failed(e);
            }
        }
    }

    private void Failed(TargetException e)
    {
        if (Interlocked.Increment(ref _failures) == 1)
            _lab.Store.Findings.Add(_campaign, null, new Finding("clock-probe", Severity.Warning, $"A clock probe failed: {e.Message}"));
    }

    private async Task<ClockChannel> OpenChannelAsync(CancellationToken cancellationToken)
    {
        // A lost connection is how a reboot looks from here.
        var boot = (await TargetState.ReadAsync(Target, cancellationToken).ConfigureAwait(false)).BootId;
        if (_opened)
            Interlocked.Increment(ref _reopened);
        if (_opened && boot != _boot)
            _lab.Store.Findings.Add(_campaign, null, new Finding("rebooted", Severity.Warning, $"{Rig.Name} was rebooted during the campaign; runs that it cut short say so."));
        (_opened, _boot) = (true, boot);
        return await TargetClock.OpenAsync(Target, Helper, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<int?> ProcessorsAsync(ITarget target, CancellationToken cancellationToken)
    {
        var result = await target.RunAsync(["getconf", "_NPROCESSORS_ONLN"], new CommandOptions(ToolDeadline), cancellationToken).ConfigureAwait(false);
        return result.ExitCode == 0 && int.TryParse(result.Output.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count
            : null;
    }

    private async Task CloseChannelAsync()
    {
        if (_channel is not { } channel)
            return;
        _channel = null;
        _cost = default;
        await channel.DisposeAsync().ConfigureAwait(false);
    }
}
