using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers;
using MeterLab.MeterDrivers.Settings;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Storage;
using MeterLab.Storage.Traces;

namespace MeterLab.Orchestrator.Acquisition;

/// <summary>
/// Records meters of a rig: opens each, asks it what it is, and lets each fill its own traces. No meter waits for another; one that
/// goes away comes back by itself, with the gap on record.
/// </summary>
public sealed class RigRecorder : IAsyncDisposable
{
    private static readonly TimeSpan FirstSampleDeadline = TimeSpan.FromSeconds(15);

    private readonly TraceRecorder _recorder;
    private readonly List<OpenedMeter> _meters;
    private readonly CancellationTokenSource _stop = new();
    private List<Task> _acquisitions = [];

    private RigRecorder(TraceRecorder recorder, List<OpenedMeter> meters)
    {
        _recorder = recorder;
        _meters = meters;
    }

    /// <summary>The meters and what they say they are.</summary>
    public IReadOnlyList<OpenedMeter> Meters => _meters;

    /// <summary>
    /// Opens and identifies the meters, all or none; without a campaign the traces belong to none. Throws <see cref="LinkException"/> or <see cref="MeterException"/> naming the one that failed.
    /// </summary>
    public static async Task<RigRecorder> OpenAsync(
        IReadOnlyList<RigMeter> meters, MeterFactory factory, Store store, string? campaign, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(meters);
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentNullException.ThrowIfNull(store);
        var opened = new List<OpenedMeter>();
        try
        {
            foreach (var rigMeter in meters)
            {
                var meter = await factory.OpenAsync(rigMeter.Uri, rigMeter.Name, cancellationToken).ConfigureAwait(false);
                var entry = new OpenedMeter(rigMeter, meter);
                opened.Add(entry);
                entry.Identity = await meter.IdentifyAsync(cancellationToken).ConfigureAwait(false);
            }

            return new RigRecorder(store.Traces.Record(campaign), opened);
        }
        catch
        {
            foreach (var entry in opened)
                await entry.Meter.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Begins to record the active-power traces of the channels that anything is fed by, and the energy registers beside them.
    /// </summary>
    public void Start(IReadOnlyCollection<ChannelId> channels)
    {
        foreach (var entry in _meters)
        {
            var traces = new List<int>();
            for (var i = 0; i < entry.Meter.Traces.Count; i++)
            {
                var trace = entry.Meter.Traces[i];
                if (trace.Quantity is Quantity.ActivePower or Quantity.EnergyImport && channels.Contains(trace.Channel))
                    traces.Add(i);
            }

            var interval = entry.Rig.Interval;
            entry.Inputs =
            [
                .. traces.Select(i => _recorder.Add(new TraceRecord
                {
                    Description = Describe(entry, entry.Meter.Traces[i], interval),
                    MeterUri = entry.Rig.Uri.ToString(),
                })),
            ];
            var sink = new MeterSink(entry.Rig.Name, entry.Inputs, _recorder);
            _acquisitions.Add(entry.Meter.AcquireAsync(new AcquisitionRequest(traces, interval), sink, _stop.Token));
        }
    }

    /// <summary>
    /// Waits until every trace has shown a sample, so that nothing is measured with a meter that is silent. Throws
    /// <see cref="LinkException"/> naming the one that stayed silent.
    /// </summary>
    public async Task WaitForSamplesAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(time);
        var started = time.GetTimestamp();
        while (true)
        {
            ThrowIfFailed();
            var silent = _meters.FirstOrDefault(entry => entry.Inputs.Any(input => input.Accepted == 0));
            if (silent is null)
                return;
            if (time.GetElapsedTime(started) > FirstSampleDeadline)
            {
                throw new LinkException(LinkFailure.TimedOut,
                    $"{silent.Rig.Name} ({silent.Rig.Uri}) has given no sample for {FirstSampleDeadline.TotalSeconds:0} s; `meterlab meter watch` shows what it says.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Throws what ended a meter's acquisition or the storing, if anything did.</summary>
    public void ThrowIfFailed()
    {
        foreach (var task in _acquisitions.Append(_recorder.Completion))
        {
            if (task.IsFaulted)
                task.GetAwaiter().GetResult();
        }
    }

    /// <summary>Everything accepted so far is on disk when this returns.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) => _recorder.FlushAsync(cancellationToken);

    /// <summary>Samples that could not be stored, over all traces.</summary>
    public long LostByRecorder => _meters.Sum(entry => entry.Inputs.Sum(input => input.Lost));

    /// <summary>Ends the recording; asks each meter again what it is, and returns those that are not what they were.</summary>
    public async Task<IReadOnlyList<OpenedMeter>> StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        var acquisitions = _acquisitions;
        _acquisitions = [];
        await Task.WhenAll(acquisitions).ConfigureAwait(false);
        await _recorder.StopAsync(cancellationToken).ConfigureAwait(false);
        var changed = new List<OpenedMeter>();
        foreach (var entry in _meters)
        {
            entry.IdentityAtEnd = await entry.Meter.IdentifyAsync(cancellationToken).ConfigureAwait(false);
            if (entry.IdentityAtEnd != entry.Identity)
                changed.Add(entry);
        }

        return changed;
    }

    /// <summary>How a meter is set now; none where it tells nothing. Not while it records. Throws <see cref="LinkException"/> and <see cref="MeterException"/>.</summary>
    public static async Task<IReadOnlyList<MeterSetting>> ReadSettingsAsync(OpenedMeter entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.Meter is IMeterSettings meter ? await meter.ReadSettingsAsync(cancellationToken).ConfigureAwait(false) : [];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        foreach (var task in _acquisitions)
        {
            // Whatever ended an acquisition was thrown where it mattered; here the line is only let go.
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        foreach (var entry in _meters)
            await entry.Meter.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAny(_recorder.DisposeAsync().AsTask()).ConfigureAwait(false);
        _stop.Dispose();
    }

    private static TraceDescription Describe(OpenedMeter entry, TraceDescription trace, TimeSpan? interval) =>
        entry.Rig.Describe(interval is { } own && trace.IntervalSeconds > 0 ? trace with { IntervalSeconds = own.TotalSeconds } : trace);
}

/// <summary>A meter that is being recorded.</summary>
public sealed class OpenedMeter(RigMeter rig, IMeter meter)
{
    /// <summary>Its entry in the rig file.</summary>
    public RigMeter Rig { get; } = rig;

    /// <summary>The driver.</summary>
    public IMeter Meter { get; } = meter;

    /// <summary>What it says it is.</summary>
    public MeterIdentity? Identity { get; internal set; }

    /// <summary>And at the end; null before that.</summary>
    public MeterIdentity? IdentityAtEnd { get; internal set; }

    /// <summary>Where its samples go.</summary>
    internal IReadOnlyList<TraceInput> Inputs { get; set; } = [];
}
