using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Links;
using MeterLab.MeterDrivers.Settings;

namespace MeterLab.MeterDrivers.Serial.PowerSensor3;

/// <summary>
/// PowerSensor3: up to four pairs of current and voltage, 17.5 to 20 thousand sets a second over USB, each with a time stamp of its own.
/// Channels ch1 to ch4 for the pairs in use, and total.
/// </summary>
internal sealed partial class PowerSensor3Meter : IMeterSettings
{
    private const int ReadBufferLength = 16 * 1024;
    private const double ReadingSeconds = 0.02;

    // The kernel gives out at most a page, less a byte, at a time.
    private const int FullRead = 4095;
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(1);

    private readonly Func<IByteLink> _open;
    private readonly MeterEnvironment _environment;
    private readonly PowerSensor3Options _options;
    private readonly string _name;
    private readonly Reconnection _reconnection;
    private PowerSensor3Port? _port;
    private PowerSensor3Sensor[] _sensors = [];
    private PowerSensor3Pair[] _pairs = [];

    /// <summary>Takes what opens the line; nothing is opened yet.</summary>
    internal PowerSensor3Meter(MeterUri uri, string name, MeterEnvironment environment, PowerSensor3Options options, Func<IByteLink> open)
    {
        Uri = uri;
        _name = name;
        _environment = environment;
        _options = options;
        _open = open;
        _reconnection = new Reconnection(environment.Time, Statistics, CloseAsync, ConnectAsync);
        Facts = PowerSensor3Facts.Of(options.Calibrated, options.Average);
    }

    /// <inheritdoc/>
    public MeterUri Uri { get; }

    /// <inheritdoc/>
    public MeterFacts Facts { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TraceDescription> Traces { get; private set; } = [];

    /// <inheritdoc/>
    public AcquisitionStatistics Statistics { get; } = new();

    /// <summary>Opens the line, stops a stream that somebody left running, and reads the configuration.</summary>
    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        await StartAsItIsAsync(cancellationToken).ConfigureAwait(false);
        if (Settings(_sensors).Find(setting => !setting.IsRight) is { } wrong)
        {
            throw new MeterException(
                MeterFailure.WrongSettings, $"{Uri}: its figures would mislead: {wrong.Name} is {wrong.Value}, where {wrong.Wanted} is wanted. `meterlab meter settings diff` shows all.");
        }

        _pairs = PowerSensor3Pair.Of(_sensors);
        if (_pairs.Length == 0)
        {
            throw new MeterException(
                MeterFailure.Protocol, $"{Uri}: no pair of sensors is in use. Configure the device with the maker's psconfig, then try again.");
        }

        Traces = [.. _pairs.Select(pair => Describe(pair.Channel, _options.Average == 1 ? pair.Scale : new Float64Scale(), StepOf(pair))),
            Describe("total", new Float64Scale(), _pairs.Max(StepOf))];
    }

    /// <summary>Does the same without a look at what the configuration says: its settings can be read, its power cannot.</summary>
    internal async Task StartAsItIsAsync(CancellationToken cancellationToken) =>
        _sensors = await ConnectAsync(cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<MeterIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        var port = await EnsureOpenAsync(cancellationToken).ConfigureAwait(false);
        return new MeterIdentity(Facts.Vendor, Facts.Model, null, await port.VersionAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MeterReading>> ReadAsync(CancellationToken cancellationToken)
    {
        RequirePairs();
        var port = await EnsureOpenAsync(cancellationToken).ConfigureAwait(false);
        var mean = new PowerSensor3Mean(_pairs);
        await port.StartAsync(cancellationToken).ConfigureAwait(false);
        var buffer = new byte[ReadBufferLength];
        var started = _environment.Time.GetTimestamp();
        while (mean.Seconds < ReadingSeconds)
        {
            var count = await port.ReadAsync(buffer, SilenceLimit, cancellationToken).ConfigureAwait(false);
            if (count == 0 || _environment.Time.GetElapsedTime(started) > SilenceLimit)
                throw Silent();
            mean.Take(buffer.AsSpan(0, count));
        }

        await port.StopAsync(cancellationToken).ConfigureAwait(false);
        Statistics.CountExchange();
        return mean.Readings(Facts);
    }

    /// <inheritdoc/>
    public async Task AcquireAsync(AcquisitionRequest request, ISampleSink sink, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(sink);
        RequirePairs();
        var stream = new PowerSensor3Stream(_pairs, request.Traces, _options.Average, Statistics, sink);
        try
        {
            while (true)
            {
                try
                {
                    var port = await EnsureOpenAsync(cancellationToken).ConfigureAwait(false);
                    await port.StartAsync(cancellationToken).ConfigureAwait(false);
                    await PumpAsync(port, stream, cancellationToken).ConfigureAwait(false);
                }
                catch (Exception e) when (e is LinkException or MeterException)
                {
                    Report(sink, AcquisitionEventKind.Disconnected, e.Message);
                    Statistics.CountLost();
                    await _reconnection.RunAsync(e.Message, (kind, detail) => Report(sink, kind, detail), cancellationToken).ConfigureAwait(false);
                    stream.Restart();
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await StopQuietlyAsync(sink).ConfigureAwait(false);
        }
    }

    /// <summary>Sets the device's marker on the next set; it comes back as <see cref="SampleFlags.Marker"/>. May be called during an acquisition.</summary>
    internal ValueTask MarkAsync(CancellationToken cancellationToken) =>
        _port is { } port ? port.MarkAsync(cancellationToken) : throw new LinkException(LinkFailure.Closed, $"{Uri}: the port is not open.");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => CloseAsync();

    // Without pairs a total would be the sum of nothing: 0 W.
    private void RequirePairs()
    {
        if (_pairs.Length == 0)
            throw new MeterException(MeterFailure.Protocol, $"{Uri}: it was opened for its settings, or they were written meanwhile. Open it anew to read it.");
    }

    private async Task PumpAsync(PowerSensor3Port port, PowerSensor3Stream stream, CancellationToken cancellationToken)
    {
        var clock = _environment.Clock;
        var buffer = new byte[ReadBufferLength];
        var before = clock.MonotonicNs;
        var lastSet = before;
        while (true)
        {
            var count = await port.ReadAsync(buffer, SilenceLimit, cancellationToken).ConfigureAwait(false);
            var after = clock.MonotonicNs;
            if (count > 0 && stream.Take(buffer.AsSpan(0, count), before, after) > 0)
                lastSet = after;
            else if (count == 0 || after - lastSet > SilenceLimit.Ticks * 100)
                throw Silent();
            // A read that brought all it could has left some behind: what comes next had arrived by then.
            if (count < FullRead)
                before = after;
        }
    }

    private async Task<PowerSensor3Sensor[]> ConnectAsync(CancellationToken cancellationToken)
    {
        var port = new PowerSensor3Port(_open(), _environment.Time);
        try
        {
            await port.StopAsync(cancellationToken).ConfigureAwait(false);
            await port.VersionAsync(cancellationToken).ConfigureAwait(false);
            var sensors = await port.ConfigurationAsync(cancellationToken).ConfigureAwait(false);
            if (_sensors.Length > 0 && !sensors.SequenceEqual(_sensors))
            {
                throw new MeterException(
                    MeterFailure.WrongDevice, $"{Uri}: the device that came back has another configuration; its codes would mean something else. Start the recording anew.");
            }

            _port = port;
            return sensors;
        }
        catch
        {
            await port.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<PowerSensor3Port> EnsureOpenAsync(CancellationToken cancellationToken)
    {
        if (_port is null)
            await ConnectAsync(cancellationToken).ConfigureAwait(false);
        return _port!;
    }

    private async Task StopQuietlyAsync(ISampleSink sink)
    {
        if (_port is not { } port)
            return;
        try
        {
            using var patience = new CancellationTokenSource(SilenceLimit, _environment.Time);
            await port.StopAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is LinkException or MeterException or OperationCanceledException)
        {
            // The recording is complete; the port will be opened anew when it is needed again.
            Report(sink, AcquisitionEventKind.Disconnected, $"the stream could not be stopped: {e.Message}");
            await CloseAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask CloseAsync()
    {
        if (Interlocked.Exchange(ref _port, null) is { } port)
            await port.DisposeAsync().ConfigureAwait(false);
    }

    private LinkException Silent() => new(
        LinkFailure.TimedOut, $"{Uri}: no set of the stream has come for {SilenceLimit.TotalSeconds:0} s. Is another program reading this port, too?");

    private void Report(ISampleSink sink, AcquisitionEventKind kind, string detail) =>
        sink.Report(new AcquisitionEvent(kind, _environment.Clock.MonotonicNs, $"{_name}: {detail}"));

    // One level of current on a rail of 12 V, which is what the device is mostly used for.
    private static double StepOf(PowerSensor3Pair pair) => Math.Abs(pair.Current.Scale) * 12;

    private TraceDescription Describe(string channel, RawScale scale, double step) => new()
    {
        Channel = new ChannelId(_name, channel),
        Quantity = Quantity.ActivePower,
        Scale = scale,
        HasDeviceClock = true,
        Response = Facts.Response,
        Accuracy = Facts.Accuracy[Quantity.ActivePower],
        Resolution = step / Math.Sqrt(_options.Average),
    };
}
