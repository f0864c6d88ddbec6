using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Fields;
using MeterLab.MeterDrivers.Links;

namespace MeterLab.MeterDrivers.Serial.Telegrams;

/// <summary>
/// A meter that sends telegrams at its own rate. Its channels are those that its first telegram holds. A sample lies between the telegram's
/// first byte and its last.
/// </summary>
internal sealed class TelegramMeter : IMeter
{
    private const SampleFlags NoNumber = SampleFlags.NotAvailable | SampleFlags.Overflow;
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(1);

    private readonly TelegramProtocol _protocol;
    private readonly Func<IByteLink> _open;
    private readonly MeterEnvironment _environment;
    private readonly TimeSpan _character;
    private readonly string _name;
    private readonly Reconnection _reconnection;
    private MeterIdentity? _identity;
    private MeasuredField[] _fields = [];
    private MeasuredField[] _recorded = [];
    private TelegramStream? _stream;
    private TelegramPort? _port;

    /// <summary>Takes what opens the line; nothing is opened yet.</summary>
    public TelegramMeter(
        MeterUri uri, string name, TelegramProtocol protocol, SerialSettings line, Func<IByteLink> open, MeterEnvironment environment)
    {
        Uri = uri;
        (_name, _protocol, _open, _environment) = (name, protocol, open, environment);
        _reconnection = new Reconnection(environment.Time, Statistics, CloseAsync, ConnectAsync);
        _character = TimeSpan.FromSeconds((double)line.BitsPerCharacter / line.Baud);
    }

    /// <inheritdoc/>
    public MeterUri Uri { get; }

    /// <inheritdoc/>
    public MeterFacts Facts => _protocol.Facts;

    /// <inheritdoc/>
    public IReadOnlyList<TraceDescription> Traces { get; private set; } = [];

    /// <inheritdoc/>
    public AcquisitionStatistics Statistics { get; } = new();

    /// <summary>Opens the line and waits for a telegram, which tells what the meter has.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var stream = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        await stream.NextAsync(cancellationToken).ConfigureAwait(false);
        _fields = [.. _protocol.Fields.Where(field => stream.Values[field.Index].Flags != SampleFlags.NotAvailable)];
        if (!_fields.Any(field => field.Quantity == Quantity.ActivePower))
            throw new MeterException(MeterFailure.Protocol, $"{Uri}: the telegrams hold no power. Must it be switched on at the meter (with a PIN)?");
        _recorded = [.. _fields
            .Where(field => field.Quantity is Quantity.ActivePower or Quantity.EnergyImport or Quantity.EnergyExport)
            .OrderBy(field => field.Channel != "total")
            .ThenBy(field => field.Quantity)];
        Traces = [.. _recorded.Select(Describe)];
    }

    /// <inheritdoc/>
    public async Task<MeterIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        await EnsureOpenAsync(cancellationToken).ConfigureAwait(false);
        return _identity!;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MeterReading>> ReadAsync(CancellationToken cancellationToken)
    {
        var stream = await EnsureOpenAsync(cancellationToken).ConfigureAwait(false);
        Statistics.CountExchange();
        // What lies in the line's buffer may be old: the reading is of the first telegram that begins from now on.
        await stream.SkipWaitingAsync(cancellationToken).ConfigureAwait(false);
        await stream.NextAsync(cancellationToken).ConfigureAwait(false);
        return [.. _fields.Select(field => Reading(field, stream.Values[field.Index]))];
    }

    /// <inheritdoc/>
    public async Task AcquireAsync(AcquisitionRequest request, ISampleSink sink, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(sink);
        if (request.Traces.Count == 0)
            throw new ArgumentException("There is no trace to record.", nameof(request));
        MeasuredField[] fields = [.. request.Traces.Select(trace => _recorded[trace])];
        var checks = new double[fields.Length];
        var flags = SampleFlags.None;
        try
        {
            while (true)
            {
                try
                {
                    var stream = await EnsureOpenAsync(cancellationToken).ConfigureAwait(false);
                    await stream.NextAsync(cancellationToken).ConfigureAwait(false);
                    Statistics.CountExchange();
                    if (stream.TakeDamaged() is > 0 and var damaged)
                    {
                        flags |= SampleFlags.Gap | SampleFlags.Resynchronised;
                        Statistics.CountLost(damaged);
                        Statistics.CountResynchronisation();
                        Report(sink, AcquisitionEventKind.Resynchronised, $"{damaged} damaged telegrams were given up");
                    }

                    Deliver(stream, fields, checks, flags, sink);
                    flags = SampleFlags.None;
                }
                catch (Exception e) when (e is LinkException or MeterException)
                {
                    Report(sink, AcquisitionEventKind.Disconnected, e.Message);
                    Statistics.CountLost();
                    flags |= SampleFlags.Gap;
                    await _reconnection.RunAsync(e.Message, (kind, detail) => Report(sink, kind, detail), cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The normal end. The device goes on sending until the meter is closed.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_port is not { } port)
            return;
        try
        {
            using var patience = new CancellationTokenSource(StopTime, _environment.Time);
            await _protocol.StopAsync(port, patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is LinkException or MeterException or OperationCanceledException)
        {
            // It goes on sending into a line that nobody reads; whoever opens it next stops it first.
        }

        await CloseAsync().ConfigureAwait(false);
    }

    private static void Deliver(TelegramStream stream, MeasuredField[] fields, double[] counters, SampleFlags flags, ISampleSink sink)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            var (code, own) = stream.Values[fields[i].Index];
            var all = flags | own;
            if ((own & NoNumber) == 0 && fields[i].Quantity is Quantity.EnergyImport or Quantity.EnergyExport)
            {
                var value = fields[i].Scale.ToValue(code);
                if (value < counters[i])
                    all |= SampleFlags.CounterReset;
                counters[i] = value;
            }

            sink.Accept(i, new RawSample(stream.BeforeNs, stream.AfterNs, 0, code, all));
        }
    }

    private async Task<TelegramStream> ConnectAsync(CancellationToken cancellationToken)
    {
        var port = new TelegramPort(_open(), _environment.Time);
        try
        {
            var identity = await _protocol.StartAsync(port, cancellationToken).ConfigureAwait(false);
            // Once known, it stays the one: a stranger is refused however often it is tried.
            if (_identity is not null && identity != _identity)
                throw new MeterException(MeterFailure.WrongDevice, $"{Uri}: another device came back than the one that was there. Start the recording anew.");
            (_identity, _port) = (identity, port);
            return _stream = new TelegramStream(port, _protocol, _character, _environment);
        }
        catch
        {
            await port.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<TelegramStream> EnsureOpenAsync(CancellationToken cancellationToken) =>
        _stream ?? await ConnectAsync(cancellationToken).ConfigureAwait(false);

    private async ValueTask CloseAsync()
    {
        _stream = null;
        if (Interlocked.Exchange(ref _port, null) is { } port)
            await port.DisposeAsync().ConfigureAwait(false);
    }

    private MeterReading Reading(MeasuredField field, FieldCode code)
    {
        double? value = (code.Flags & NoNumber) == 0 ? field.Scale.ToValue(code.Code) : null;
        return new MeterReading(field.Channel, field.Quantity, value, Facts.Accuracy.GetValueOrDefault(field.Quantity), code.Flags);
    }

    private TraceDescription Describe(MeasuredField field) => new()
    {
        Channel = new ChannelId(_name, field.Channel),
        Quantity = field.Quantity,
        Scale = field.Scale,
        Response = Facts.Response,
        Accuracy = Facts.Accuracy.GetValueOrDefault(field.Quantity),
        Resolution = Facts.Resolution.GetValueOrDefault(field.Quantity),
        Wrap = field.Wrap,
    };

    private void Report(ISampleSink sink, AcquisitionEventKind kind, string detail) =>
        sink.Report(new AcquisitionEvent(kind, _environment.Clock.MonotonicNs, $"{_name}: {detail}"));
}
