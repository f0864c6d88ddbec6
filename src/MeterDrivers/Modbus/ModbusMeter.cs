using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Profiles;
using MeterLab.MeterDrivers.Settings;

namespace MeterLab.MeterDrivers.Modbus;

/// <summary>Any meter that a profile describes, on any Modbus wire.</summary>
internal sealed class ModbusMeter : IMeterSettings
{
    // What a meter needs to think before it answers, on top of the characters' time; only used to choose a poll interval.
    private static readonly TimeSpan Thinking = TimeSpan.FromMilliseconds(20);

    private readonly MeterProfile _profile;
    private readonly ModbusClient _client;
    private readonly MeterEnvironment _environment;
    private readonly ModbusMeterOptions _options;
    private readonly ModbusIdentification _identification;
    private readonly IAsyncDisposable _lease;
    private readonly RegisterField[] _recorded;

    /// <summary>Creates a meter over an open client; <paramref name="lease"/> gives the bus back.</summary>
    public ModbusMeter(
        MeterUri uri, string name, MeterProfile profile, ModbusClient client, ModbusMeterOptions options, MeterEnvironment environment, IAsyncDisposable lease)
    {
        Uri = uri;
        _profile = profile;
        _client = client;
        _options = options;
        _environment = environment;
        _lease = lease;
        _identification = new ModbusIdentification(uri, profile, client, options.AcceptSettings);
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
    public AcquisitionStatistics Statistics => _client.Statistics;

    /// <inheritdoc/>
    public async Task<MeterIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        await _client.Bus.EnsureOpenAsync(cancellationToken).ConfigureAwait(false);
        return await _identification.RunAsync(cancellationToken).ConfigureAwait(false);
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
        var poller = new MeterPoller(source, fields.Length, _environment, Statistics, sink, _options.Retries);
        return poller.RunAsync(request.Interval ?? IntervalFor(fields), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MeterSetting>> ReadSettingsAsync(CancellationToken cancellationToken)
    {
        await _client.Bus.EnsureOpenAsync(cancellationToken).ConfigureAwait(false);
        return await SettingsReader.ReadAsync(SettingRules(), (rule, token) => ModbusSettings.ReadAsync(_client, rule, token), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task WriteSettingAsync(string name, CancellationToken cancellationToken)
    {
        var rule = SettingsReader.Writable(SettingRules(), name);
        await _client.Bus.EnsureOpenAsync(cancellationToken).ConfigureAwait(false);
        await ModbusSettings.WriteAsync(_client, rule, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _lease.DisposeAsync();

    private IReadOnlyList<SettingRule> SettingRules() => new SettingsLibrary(_environment.SettingsDirectory).Find(Facts.Model);

    private MeterReading Reading(RegisterField field, RawSample sample)
    {
        var known = (sample.Flags & (SampleFlags.NotAvailable | SampleFlags.Overflow)) == 0;
        double? value = known ? field.Scale.ToValue(sample.Code) : null;
        return new MeterReading(field.Channel, field.Quantity, value, Facts.Accuracy.GetValueOrDefault(field.Quantity), sample.Flags);
    }

    private TraceDescription Describe(string name, RegisterField field, TimeSpan interval) => new()
    {
        Channel = new ChannelId(name, field.Channel),
        Quantity = field.Quantity,
        Scale = field.Scale,
        IntervalSeconds = interval.TotalSeconds,
        Response = Facts.Response,
        Accuracy = Facts.Accuracy.GetValueOrDefault(field.Quantity),
        // A register of whole numbers cannot be finer than one count, whatever nobody stated.
        Resolution = Facts.Resolution.TryGetValue(field.Quantity, out var stated) ? stated : field.Step,
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
}
