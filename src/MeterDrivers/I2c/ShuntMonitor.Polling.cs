using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers.I2c;

/// <content>The recording: one sample a conversion, and the watch for a chip that stopped or lost its settings.</content>
internal abstract partial class ShuntMonitor : IPolledSource
{
    private IReadOnlyList<int> _asked = [];
    private ISampleSink? _sink;
    private bool _withEnergy;
    private bool _everyConversion;
    private long _lastReadyNs;
    private long _overdueNs;
    private SampleFlags _pending;
    private SampleFlags _pendingEnergy;

    /// <inheritdoc/>
    public async Task AcquireAsync(AcquisitionRequest request, ISampleSink sink, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        _asked = request.Traces;
        _sink = sink;
        _withEnergy = request.Traces.Any(trace => Traces[trace].Quantity == Quantity.EnergyImport);
        var interval = request.Interval ?? DefaultInterval;
        var slowest = UpdatePeriodSeconds * SlowestClock;
        _everyConversion = interval.TotalSeconds < slowest;
        _overdueNs = (long)((3 * (slowest + interval.TotalSeconds) + 0.05) * 1e9);
        _lastReadyNs = Clock.MonotonicNs;
        try
        {
            // I2C calls block for their time on the wire: the loop runs on the thread pool, not on the thread of whoever starts it.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            var poller = new MeterPoller(this, request.Traces.Count, _environment, Statistics, sink);
            await poller.RunAsync(interval, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _sink = null;
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> SampleAsync(Memory<RawSample> samples, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var before = Clock.MonotonicNs;
        ShuntConversion found;
        try
        {
            found = Look(_withEnergy, always: !_everyConversion && _fresh);
        }
        catch (LinkException e) when (e.Failure == LinkFailure.Unreachable)
        {
            // One missed acknowledge on a line that worked is a disturbance, to be tried again before the chip is given up.
            throw new LinkException(LinkFailure.TimedOut, e.Message, e);
        }

        var after = Clock.MonotonicNs;
        if (found.SettingsLost)
        {
            Restore(after);
            return ValueTask.FromResult(false);
        }

        if (found.Ready)
        {
            _fresh = true;
            _lastReadyNs = after;
        }
        else if (!StillConverts(after) || _everyConversion || !_fresh)
        {
            return ValueTask.FromResult(false);
        }

        for (var i = 0; i < _asked.Count; i++)
        {
            samples.Span[i] = _asked[i] == 0
                ? new RawSample(before, after, 0, found.Power, found.Flags | _pending)
                : new RawSample(before, after, 0, found.Energy, found.EnergyFlags | _pending | _pendingEnergy);
        }

        (_pending, _pendingEnergy) = (SampleFlags.None, SampleFlags.None);
        return ValueTask.FromResult(true);
    }

    /// <inheritdoc/>
    public async ValueTask ReopenAsync(CancellationToken cancellationToken)
    {
        await IdentifyAsync(cancellationToken).ConfigureAwait(false);
        if (Apply())
            Restored(Clock.MonotonicNs, "the chip came back without its settings; they were written again");
        _lastReadyNs = Clock.MonotonicNs;
    }

    /// <summary>False where the chip had stopped, or converted with other settings, and was set again. Throws where it stays silent.</summary>
    private bool StillConverts(long nowNs)
    {
        if (nowNs - _lastReadyNs <= _overdueNs)
            return true;
        if (!Apply())
            throw NoConversion();
        Restored(nowNs, "the chip had stopped or changed its settings; they were written again");
        return false;
    }

    private void Restore(long nowNs)
    {
        Apply();
        Restored(nowNs, "the chip had lost its settings (a dip of its supply, or another program); they were written again");
    }

    private void Restored(long nowNs, string what)
    {
        _fresh = false;
        _lastReadyNs = nowNs;
        _pending |= SampleFlags.Resynchronised | SampleFlags.Gap;
        _pendingEnergy |= SampleFlags.CounterReset;
        Statistics.CountResynchronisation();
        Statistics.CountLost(1);
        _sink?.Report(new AcquisitionEvent(AcquisitionEventKind.Resynchronised, nowNs, $"{_name}: {what}"));
    }
}
