using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Modbus;

/// <summary>Any meter that a profile describes, on any Modbus wire.</summary>
internal sealed class ModbusMeter : IMeter
{
    // What a meter needs to think before it answers, on top of the characters' time; only used to choose a poll interval.
    private static readonly TimeSpan Thinking = TimeSpan.FromMilliseconds(20);

    private readonly MeterProfile _profile;
    private readonly ModbusClient _client;
    private readonly MeterEnvironment _environment;
    private readonly IAsyncDisposable _lease;
    private readonly RegisterField[] _recorded;

    /// <summary>Creates a meter over an open client; <paramref name="lease"/> gives the bus back.</summary>
    public ModbusMeter(
        MeterUri uri, string name, MeterProfile profile, ModbusClient client, MeterEnvironment environment, IAsyncDisposable lease)
    {
        Uri = uri;
        _profile = profile;
        _client = client;
        _environment = environment;
        _lease = lease;
        _recorded = [.. profile.Registers.Fields
            .Where(field => field.Quantity is Quantity.ActivePower or Quantity.EnergyImport or Quantity.EnergyExport)
            .OrderBy(field => field.Channel != "total")
            .ThenBy(field => field.Quantity)];
        var interval = IntervalFor(_recorded);
        Traces = [.. _recorded.Select(field => Describe(name, field, interval))];
    }

    /// <inheritdoc/>
    public MeterUri Uri { get; }

    /// <inheritdoc/>
    public MeterFacts Facts => _profile.Facts;

    /// <inheritdoc/>
    public IReadOnlyList<TraceDescription> Traces { get; }

    /// <inheritdoc/>
    public AcquisitionStatistics Statistics { get; } = new();

    /// <inheritdoc/>
    public async Task<MeterIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        await _client.Bus.EnsureOpenAsync(cancellationToken).ConfigureAwait(false);
        if (_profile.Registers.Probe is { } probe)
            await ProbeAsync(probe, cancellationToken).ConfigureAwait(false);
        string? serial = null;
        if (_profile.Registers.Serial is { } field)
        {
            try
            {
                serial = Text(await ReadOneAsync(field, cancellationToken).ConfigureAwait(false));
            }
            catch (Exception e) when (e is MeterException { Failure: MeterFailure.Refused } or LinkException { Failure: LinkFailure.TimedOut })
            {
                // Some firmware has no such register; without a serial number the meter is still the one that was asked for.
                serial = null;
            }
        }

        return new MeterIdentity(Facts.Vendor, Facts.Model, serial);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MeterReading>> ReadAsync(CancellationToken cancellationToken)
    {
        await _client.Bus.EnsureOpenAsync(cancellationToken).ConfigureAwait(false);
        var fields = _profile.Registers.Fields;
        var source = new ModbusSource(_client, _profile, fields);
        var samples = new RawSample[fields.Count];
        await source.SampleAsync(samples, cancellationToken).ConfigureAwait(false);
        return [.. fields.Zip(samples, Reading)];
    }

    /// <inheritdoc/>
    public Task AcquireAsync(AcquisitionRequest request, ISampleSink sink, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(sink);
        if (request.Traces.Count == 0)
            throw new ArgumentException("There is no trace to record.", nameof(request));
        RegisterField[] fields = [.. request.Traces.Select(trace => _recorded[trace])];
        var source = new ModbusSource(_client, _profile, fields);
        var poller = new MeterPoller(source, fields.Length, _environment, Statistics, sink);
        return poller.RunAsync(request.Interval ?? IntervalFor(fields), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _lease.DisposeAsync();

    private async Task ProbeAsync(RegisterProbe probe, CancellationToken cancellationToken)
    {
        var field = probe.Field;
        var code = await ReadOneAsync(field, cancellationToken).ConfigureAwait(false);
        var value = field.Scale.ToValue(code);
        // A plain zero proves nothing: an input without a supply reads so. A wrong map or word order hardly ever gives one.
        if (field.FlagsOf(code) == SampleFlags.None && (value == 0 || (value >= probe.From && value <= probe.To)))
            return;
        var unit = QuantityNames.UnitOf(field.Quantity);
        throw new MeterException(
            MeterFailure.WrongDevice,
            FormattableString.Invariant($"{Uri}: this does not look like a {Facts.Model}: {field} reads {value:G6} {unit}, where {probe.From:G6} to {probe.To:G6} {unit} is right. Check model and word order."));
    }

    private async Task<long> ReadOneAsync(RegisterField field, CancellationToken cancellationToken)
    {
        var registers = new ushort[field.Encoding.Registers];
        if (field.Table == RegisterTable.Input)
            await _client.ReadInputRegistersAsync(field.Address, registers, cancellationToken).ConfigureAwait(false);
        else
            await _client.ReadHoldingRegistersAsync(field.Address, registers, cancellationToken).ConfigureAwait(false);
        return field.Encoding.Decode(registers);
    }

    private MeterReading Reading(RegisterField field, RawSample sample)
    {
        var known = (sample.Flags & (SampleFlags.NotAvailable | SampleFlags.Overflow)) == 0;
        double? value = known ? field.Scale.ToValue(sample.Code) : null;
        var u = value is { } v ? Facts.Accuracy.GetValueOrDefault(field.Quantity)?.StandardUncertainty(v) : null;
        return new MeterReading(field.Channel, field.Quantity, value, u, sample.Flags);
    }

    private TraceDescription Describe(string name, RegisterField field, TimeSpan interval) => new()
    {
        Channel = new ChannelId(name, field.Channel),
        Quantity = field.Quantity,
        Scale = field.Scale,
        IntervalSeconds = interval.TotalSeconds,
        Response = Facts.Response,
        Accuracy = Facts.Accuracy.GetValueOrDefault(field.Quantity),
        Resolution = Facts.Resolution.GetValueOrDefault(field.Quantity),
        Wrap = field.Wrap,
    };

    /// <summary>
    /// A fifth of the update period, so that the moments of the updates show between the polls; longer where the line needs longer.
    /// </summary>
    private TimeSpan IntervalFor(IReadOnlyList<RegisterField> fields)
    {
        var needed = TimeSpan.Zero;
        foreach (var block in ReadPlan.Build(_profile.Registers, fields))
        {
            needed += _profile.Registers.MinimumGap;
            if (_client.Bus.Line is not null)
                needed += Thinking + _client.Bus.WireTime(5 + 2 + 2 * block.Count);
        }

        var milliseconds = Math.Max(Facts.Response.UpdatePeriodSeconds * 1000 / 5, needed.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(milliseconds - 1e-6)));
    }

    private static string Text(long serial) => serial.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
