using System.Globalization;

using MeterLab.Measurement;
using MeterLab.Measurement.Clocks;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Orchestrator.Targets;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>
/// A target during a campaign: its clock is probed over one open channel, in short bursts every few seconds and at once where a run
/// begins or ends. A channel that is lost is opened again; probes that are missing show as uncertainty, never as an error.
/// </summary>
internal sealed class TargetSession : IAsyncDisposable
{
    private const int BurstLength = 6;
    private static readonly TimeSpan ToolDeadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly LabContext _lab;
    private readonly string _campaign;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Random _random = new(1);
    private ClockChannel? _channel;
    private double _costBefore;
    private Task _probing = Task.CompletedTask;
    private int _failures;

    private TargetSession(RigTarget rig, ITarget target, ClockHelper helper, int? logicalCpus, LabContext lab, string campaign)
    {
        Rig = rig;
        Target = target;
        Helper = helper;
        LogicalCpus = logicalCpus;
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
    public int? LogicalCpus { get; }

    /// <summary>Probes that failed.</summary>
    public int Failures => Volatile.Read(ref _failures);

    /// <summary>Reaches the target and finds its clock. Throws <see cref="TargetException"/>.</summary>
    public static async Task<TargetSession> OpenAsync(RigTarget rigTarget, Rig rig, LabContext lab, string campaign, CancellationToken cancellationToken)
    {
        var target = lab.OpenTarget(rigTarget, rig);
        try
        {
            var helper = await TargetClock.FindHelperAsync(target, cancellationToken).ConfigureAwait(false);
            var processors = await ProcessorsAsync(target, cancellationToken).ConfigureAwait(false);
            var session = new TargetSession(rigTarget, target, helper, processors, lab, campaign);
            await session.ProbeAsync(cancellationToken).ConfigureAwait(false);
            session._probing = session.ProbeForEverAsync(session._stop.Token);
            return session;
        }
        catch
        {
            await target.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A burst of probes now; kept in the store. Throws <see cref="TargetException"/> where the target does not answer.</summary>
    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _channel ??= await TargetClock.OpenAsync(Target, Helper, cancellationToken).ConfigureAwait(false);
            var observations = await TargetClock.ProbeAsync(_channel, new ProbeOptions(BurstLength, BurstLength), _lab.Time, cancellationToken).ConfigureAwait(false);
            _lab.Store.Clocks.AddObservations(_campaign, null, ClockId.Target(Rig.Name), observations);
        }
        catch (TargetException)
        {
            await CloseChannelAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>CPU seconds that probing has cost the target since the last call; null where it does not tell.</summary>
    public async Task<double?> ProbeCostAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_channel is null || await _channel.CpuSecondsAsync(cancellationToken).ConfigureAwait(false) is not { } total)
                return null;
            var cost = Math.Max(0, total - _costBefore);
            _costBefore = total;
            return cost;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _probing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await CloseChannelAsync().ConfigureAwait(false);
        await Target.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
        _turn.Dispose();
    }

    private async Task ProbeForEverAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                // Random pauses: regular probing can lock onto whatever else is regular on the link (Veitch 2009).
                await Task.Delay(Pause * (0.5 + _random.NextDouble()), _lab.Time, cancellationToken).ConfigureAwait(false);
                await ProbeAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (TargetException e)
            {
                if (Interlocked.Increment(ref _failures) == 1)
                    _lab.Store.Findings.Add(_campaign, null, new Finding("clock-probe", Severity.Warning, $"A clock probe failed: {e.Message}"));
            }
        }
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
        _costBefore = 0;
        await channel.DisposeAsync().ConfigureAwait(false);
    }
}
