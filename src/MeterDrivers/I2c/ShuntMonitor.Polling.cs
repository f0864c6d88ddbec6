using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers.I2c;

/// <content>The recording: one sample a conversion, and the watch for a chip that stopped, lost its settings, or is looked at too late.</content>
internal abstract partial class ShuntMonitor : IPolledSource
{
    private const long NsBetweenReports = 1_000_000_000;

    private IReadOnlyList<int> _asked = [];
    private ISampleSink? _sink;
    private bool _withEnergy;
    private bool _everyConversion;
    private long _lookedNs;
    private long _lastReadyNs;
    private long _overdueNs;
    private long _reportedNs;
    private SampleFlags _pending;
    private SampleFlags _pendingEnergy;

    /// <inheritdoc/>
    public async Task AcquireAsync(AcquisitionRequest request, ISampleSink sink, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        _asked = request.Traces;
        _sink = sink;
        _withEnergy = request.Traces.Any(trace => Traces[trace].Quantity == Quantity.EnergyImport);
        var slowest = UpdateSeconds * SlowestClock;
        var interval = request.Interval ?? LookInterval;
        // Asked for less than every second conversion, it gives the newest one each time; otherwise every one, looking as often as that takes.
        _everyConversion = interval.TotalSeconds < 2 * slowest;
        if (_everyConversion && interval > LookInterval)
            interval = LookInterval;
        _overdueNs = (long)((3 * (slowest + interval.TotalSeconds) + 0.05) * 1e9);
        _conversions.Restart(UpdateSeconds, SlowestClock);
        StartLooking();
        try
        {
            // I2C calls block for their time on the wire: the loop runs on the thread pool, not on the thread of whoever starts it.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            var poller = new MeterPoller(this, request.Traces.Count, _context.Environment, Statistics, sink);
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
        var low = _lookedNs;
        var before = Clock.MonotonicNs;
        var found = LookOnce();
        var after = Clock.MonotonicNs;
        _lookedNs = before;
        if (found.Ready && TellsWhenReady && after - low > _conversions.LongestPeriodNs / 2)
        {
            // So late that another conversion may have ended while this one was read: what was read may be a mixture of both.
            var again = LookOnce();
            if (again.Ready || again.SettingsLost)
            {
                found = again with { Missed = found.Missed + again.Missed };
                low = before;
                _lookedNs = after;
                after = Clock.MonotonicNs;
            }
        }

        if (found.SettingsLost)
        {
            Restore(after);
            return ValueTask.FromResult(false);
        }

        if (!found.Ready)
        {
            StillConverts(after);
            return ValueTask.FromResult(false);
        }

        if (!TellsWhenReady)
            low = before;
        Take(samples.Span, found, low, after);
        return ValueTask.FromResult(true);
    }

    /// <inheritdoc/>
    public async ValueTask ReopenAsync(CancellationToken cancellationToken)
    {
        Registers.Reopen();
        await IdentifyAsync(cancellationToken).ConfigureAwait(false);
        if (Apply())
            Restored(Clock.MonotonicNs, "the chip came back without its settings; they were written again");
        StartLooking();
    }

    /// <summary>A flag that is found set may have been so for long; but the newest result is no older than a conversion.</summary>
    private void StartLooking()
    {
        _lastReadyNs = Clock.MonotonicNs;
        _lookedNs = _lastReadyNs - (long)_conversions.LongestPeriodNs;
    }

    private Conversion LookOnce()
    {
        try
        {
            return Look(_withEnergy, always: false, _codes);
        }
        catch (LinkException e) when (e.Failure == LinkFailure.Unreachable)
        {
            // One missed acknowledge on a line that worked is a disturbance, to be tried again before the chip is given up.
            throw new LinkException(LinkFailure.TimedOut, e.Message, e);
        }
    }

    private void Take(Span<RawSample> samples, Conversion found, long low, long high)
    {
        _fresh = true;
        _lastReadyNs = high;
        if (TellsWhenReady)
        {
            var missed = Math.Max(found.Missed, _conversions.Take(ref low, ref high));
            if (missed > 0 && _everyConversion)
                Miss(missed, high);
        }

        for (var i = 0; i < _asked.Count; i++)
        {
            var code = _codes[_asked[i]];
            var pending = Traces[_asked[i]].Quantity == Quantity.EnergyImport ? _pending | _pendingEnergy : _pending;
            samples[i] = new RawSample(low, high, 0, code.Code, code.Flags | pending);
        }

        (_pending, _pendingEnergy) = (SampleFlags.None, SampleFlags.None);
    }

    private void Miss(long conversions, long nowNs)
    {
        _pending |= SampleFlags.Gap;
        Statistics.CountLost(conversions);
        if (nowNs - _reportedNs < NsBetweenReports)
            return;
        _reportedNs = nowNs;
        _sink?.Report(new AcquisitionEvent(
            AcquisitionEventKind.Lost, nowNs,
            $"{_context.Name}: {conversions} conversions of {UpdateSeconds * 1e3:0.###} ms ended between two looks; a longer average or conversion time gives this host time to see each"));
    }

    /// <summary>Sets a chip that stopped, or converts with other settings, again. Throws where it stays silent.</summary>
    private void StillConverts(long nowNs)
    {
        if (nowNs - _lastReadyNs <= _overdueNs)
            return;
        if (!Apply())
            throw NoConversion();
        Restored(nowNs, "the chip had stopped or changed its settings; they were written again");
    }

    private void Restore(long nowNs)
    {
        Apply();
        Restored(nowNs, "the chip had lost its settings (a dip of its supply, or another program); they were written again");
    }

    private void Restored(long nowNs, string what)
    {
        _fresh = false;
        _lookedNs = _lastReadyNs = nowNs;
        _conversions.Restart(UpdateSeconds, SlowestClock);
        _pending |= SampleFlags.Resynchronised | SampleFlags.Gap;
        _pendingEnergy |= SampleFlags.CounterReset;
        Statistics.CountResynchronisation();
        Statistics.CountLost(1);
        _sink?.Report(new AcquisitionEvent(AcquisitionEventKind.Resynchronised, nowNs, $"{_context.Name}: {what}"));
    }
}
