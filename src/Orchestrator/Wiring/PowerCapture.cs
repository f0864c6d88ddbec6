using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers;
using MeterLab.Orchestrator.Rigs;

namespace MeterLab.Orchestrator.Wiring;

/// <summary>Records the active power of all channels of one meter into memory, up to a bound; what comes after it is dropped and counted.</summary>
internal sealed class PowerCapture : ISampleSink, IAsyncDisposable
{
    private const int MostSamples = 500_000;
    private const SampleFlags NoValue = SampleFlags.NotAvailable | SampleFlags.Overflow | SampleFlags.Implausible;

    private readonly IMeter _meter;
    private readonly Lock _gate = new();
    private readonly List<(double AtNs, double Watts)>[] _samples;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;

    private PowerCapture(IMeter meter, RigMeter rig)
    {
        _meter = meter;
        int[] traces = [.. Enumerable.Range(0, meter.Traces.Count).Where(i => meter.Traces[i].Quantity == Quantity.ActivePower)];
        Traces = [.. traces.Select(i => rig.Describe(meter.Traces[i]))];
        _samples = [.. traces.Select(_ => new List<(double AtNs, double Watts)>())];
        _work = traces.Length == 0 ? Task.CompletedTask : meter.AcquireAsync(new AcquisitionRequest(traces, rig.Interval), this, _stop.Token);
    }

    /// <summary>The traces, as the rig file corrects them.</summary>
    public IReadOnlyList<TraceDescription> Traces { get; }

    /// <summary>What a trace has given so far: time, ns of the line, and power, W.</summary>
    public IReadOnlyList<(double AtNs, double Watts)> Samples(int trace)
    {
        lock (_gate)
            return [.. _samples[trace]];
    }

    /// <summary>Samples for which there was no room.</summary>
    public long Dropped { get; private set; }

    /// <summary>Opens a meter and begins to record it. Throws <see cref="LinkException"/> and <see cref="MeterException"/>.</summary>
    public static async Task<PowerCapture> StartAsync(RigMeter rig, MeterFactory meters, CancellationToken cancellationToken)
    {
        var meter = await meters.OpenAsync(rig.Uri, rig.Name, cancellationToken).ConfigureAwait(false);
        try
        {
            await meter.IdentifyAsync(cancellationToken).ConfigureAwait(false);
            return new PowerCapture(meter, rig);
        }
        catch
        {
            await meter.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Accept(int trace, in RawSample sample)
    {
        if ((sample.Flags & NoValue) != 0)
            return;
        lock (_gate)
        {
            if (_samples[trace].Count < MostSamples)
                _samples[trace].Add(((sample.BeforeNs + sample.AfterNs) / 2.0, Traces[trace].Scale.ToValue(sample.Code)));
            else
                Dropped++;
        }
    }

    /// <inheritdoc/>
    public void Report(AcquisitionEvent acquisitionEvent)
    {
        // Retries and gaps show as missing samples, and these as uncertainty.
    }

    /// <summary>Ends the recording. Throws what ended it before, if anything did.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _meter.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }
}
