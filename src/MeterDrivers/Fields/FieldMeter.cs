using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Settings;

namespace MeterLab.MeterDrivers.Fields;

/// <summary>A meter that is asked for values over any wire: readings, traces and the poller, the same for every family.</summary>
internal sealed class FieldMeter : IMeterSettings
{
    private const SampleFlags NoNumber = SampleFlags.NotAvailable | SampleFlags.Overflow;

    private readonly IFieldDevice _device;
    private readonly MeterEnvironment _environment;
    private readonly FieldLimits _limits;
    private readonly MeasuredField[] _recorded;
    private readonly TimeSpan _interval;

    /// <summary>Starts a device and makes a meter of it; one that does not start is closed again. Throws as <see cref="IFieldDevice.StartAsync"/> does.</summary>
    public static async Task<IMeter> StartAsync(
        MeterUri uri, string name, IFieldDevice device, FieldLimits limits, MeterEnvironment environment, int pollsPerUpdate, CancellationToken cancellationToken) =>
        new FieldMeter(
            uri, name, await Opening.StartAsync(device, (opened, token) => opened.StartAsync(token), cancellationToken).ConfigureAwait(false), limits, environment, pollsPerUpdate);

    /// <summary>Makes a meter of an opened device, polled <paramref name="pollsPerUpdate"/> times an update period.</summary>
    public FieldMeter(MeterUri uri, string name, IFieldDevice device, FieldLimits limits, MeterEnvironment environment, int pollsPerUpdate)
    {
        Uri = uri;
        _device = device;
        _limits = limits;
        _environment = environment;
        _interval = TimeSpan.FromMilliseconds(Math.Max(1, Math.Round(device.Facts.Response.UpdatePeriodSeconds * 1000 / pollsPerUpdate)));
        _recorded = [.. device.Fields
            .Where(field => field.Quantity is Quantity.ActivePower or Quantity.EnergyImport or Quantity.EnergyExport)
            .OrderBy(field => field.Channel != "total")
            .ThenBy(field => field.Quantity)];
        Traces = [.. _recorded.Select(field => Describe(name, field))];
    }

    /// <inheritdoc/>
    public MeterUri Uri { get; }

    /// <inheritdoc/>
    public MeterFacts Facts => _device.Facts;

    /// <inheritdoc/>
    public IReadOnlyList<TraceDescription> Traces { get; }

    /// <inheritdoc/>
    public AcquisitionStatistics Statistics { get; } = new();

    /// <inheritdoc/>
    public Task<MeterIdentity> IdentifyAsync(CancellationToken cancellationToken) => _device.IdentifyAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MeterReading>> ReadAsync(CancellationToken cancellationToken)
    {
        var fields = _device.Fields;
        var samples = new RawSample[fields.Count];
        Statistics.CountExchange();
        await Source(fields).SampleAsync(samples, cancellationToken).ConfigureAwait(false);
        return [.. fields.Zip(samples, Reading)];
    }

    /// <inheritdoc/>
    public Task AcquireAsync(AcquisitionRequest request, ISampleSink sink, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(sink);
        if (request.Traces.Count == 0)
            throw new ArgumentException("There is no trace to record.", nameof(request));
        MeasuredField[] fields = [.. request.Traces.Select(trace => _recorded[trace])];
        var poller = new MeterPoller(Source(fields), fields.Length, _environment, Statistics, sink);
        return poller.RunAsync(request.Interval ?? _interval, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MeterSetting>> ReadSettingsAsync(CancellationToken cancellationToken) => _device is IAskedDevice asked
        ? await SettingsReader.ReadAsync(SettingRules(), (rule, token) => asked.AskAsync(rule.Ask!, token), cancellationToken).ConfigureAwait(false)
        : [];

    /// <inheritdoc/>
    public Task WriteSettingAsync(string name, CancellationToken cancellationToken)
    {
        var rule = SettingsReader.Writable(SettingRules(), name);
        return ((IAskedDevice)_device).TellAsync(rule.Set!, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _device.DisposeAsync();

    private IReadOnlyList<SettingRule> SettingRules() => new SettingsLibrary(_environment.SettingsDirectory).Find(Facts.Model);

    private CheckedSource Source(IReadOnlyList<MeasuredField> fields) => new(_device.Source(fields), fields, _limits);

    private MeterReading Reading(MeasuredField field, RawSample sample)
    {
        double? value = (sample.Flags & NoNumber) == 0 ? field.Scale.ToValue(sample.Code) : null;
        return new MeterReading(field.Channel, field.Quantity, value, Facts.Accuracy.GetValueOrDefault(field.Quantity), sample.Flags);
    }

    private TraceDescription Describe(string name, MeasuredField field) => new()
    {
        Channel = new ChannelId(name, field.Channel),
        Quantity = field.Quantity,
        Scale = field.Scale,
        IntervalSeconds = _interval.TotalSeconds,
        Response = Facts.Response,
        Accuracy = Facts.Accuracy.GetValueOrDefault(field.Quantity),
        // Where a code is a count, the value has no finer steps than one count.
        Resolution = Math.Max(Facts.Resolution.GetValueOrDefault(field.Quantity), field.Scale is LinearScale count ? Math.Abs(count.Scale) : 0),
        Wrap = field.Wrap,
    };
}
