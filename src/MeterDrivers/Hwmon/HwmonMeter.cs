using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers.Hwmon;

/// <summary>
/// A power monitor read through the kernel's hardware monitoring or its industrial input and output. It tells of no conversion's end: values are polled, and what they are
/// means of is found in the polls. Reading an attribute makes the driver read its chip, so an exchange blocks for its time on the wire.
/// </summary>
internal sealed class HwmonMeter : IMeter, IPolledSource
{
    private const string Total = "total";
    private const string TemperatureInput = "temp1_input";
    private const SampleFlags NoNumber = SampleFlags.NotAvailable | SampleFlags.Overflow;

    // Finer than this says nothing new of a driver that answers in milliseconds.
    private const double ShortestIntervalSeconds = 10e-3;
    private const double LooksPerPeriod = 2;

    private readonly MeterEnvironment _environment;
    private readonly HwmonAttributes _attributes;
    private readonly IReadOnlyList<HwmonChannel> _channels;
    private readonly HwmonFacts _facts;
    private readonly (long Code, SampleFlags Flags)[] _power;
    private IReadOnlyList<int> _asked = [];

    /// <summary>Takes a device's folder and reads what it is and has. Throws as <see cref="HwmonOpener.OpenAsync"/> does.</summary>
    internal HwmonMeter(MeterUri uri, string name, MeterEnvironment environment, HwmonAttributes attributes)
    {
        Uri = uri;
        _environment = environment;
        _attributes = attributes;
        CheckModel(attributes.NameOf());
        _facts = FactsOf(attributes, uri);
        _channels = HwmonAddress.IsIio(attributes.Folder) ? [IioFacts.Channel] : HwmonChannel.Of(attributes);
        if (_channels.Count == 0)
            throw new MeterException(MeterFailure.WrongDevice, $"{uri}: {attributes.Folder} ({_facts.Name}) measures no power: it has neither powerN_input nor currN_input with inN_input.");
        _power = new (long, SampleFlags)[_channels.Count];
        var volts = _channels.Max(channel => channel.Voltage is { } voltage ? Math.Abs(attributes.Number(voltage)) * _facts.VoltageUnit : 0);
        Facts = _facts.ToFacts(_facts.Limits(uri, volts));
        string[] names = [.. _channels.Select(channel => channel.Name), .. _channels.Count > 1 ? [Total] : Array.Empty<string>()];
        Traces = [.. names.Select(channel => Describe(new ChannelId(name, channel)))];
    }

    /// <inheritdoc/>
    public MeterUri Uri { get; }

    /// <inheritdoc/>
    public MeterFacts Facts { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TraceDescription> Traces { get; }

    /// <inheritdoc/>
    public AcquisitionStatistics Statistics { get; } = new();

    private TimeSpan DefaultInterval => TimeSpan.FromSeconds(Math.Max(ShortestIntervalSeconds, _facts.PeriodSeconds / LooksPerPeriod));

    /// <inheritdoc/>
    public Task<MeterIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var name = _attributes.Text("name") ?? throw new LinkException(
            LinkFailure.Unreachable, $"{Uri}: {_attributes.Folder} is gone. Was the driver unloaded, or the adapter removed?");
        CheckModel(name);
        if (name != _facts.Name)
            throw new MeterException(MeterFailure.WrongDevice, $"{Uri}: the kernel drives this device as {name} now, and as {_facts.Name} before.");
        return Task.FromResult(new MeterIdentity(Facts.Vendor, name));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<MeterReading>> ReadAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Statistics.CountExchange();
        List<MeterReading> readings = [];
        foreach (var (i, channel) in _channels.Index())
        {
            var (code, flags) = _power[i] = channel.ReadPower(_attributes, _facts);
            readings.Add(Reading(channel.Name, Quantity.ActivePower, code * _facts.PowerUnit, _facts.PowerStep, flags));
            if (channel.Voltage is { } voltage)
                readings.Add(Reading(channel.Name, Quantity.Voltage, _attributes.Number(voltage) * _facts.VoltageUnit, _facts.VoltageStep));
            if (channel.Current is { } current)
                readings.Add(Reading(channel.Name, Quantity.Current, _attributes.Number(current) * _facts.CurrentUnit, _facts.CurrentStep, flags));
        }

        if (_attributes.Has(TemperatureInput))
            readings.Add(Reading(_channels[0].Name, Quantity.Temperature, _attributes.Number(TemperatureInput) * HwmonFacts.TemperatureUnit, HwmonFacts.TemperatureUnit));
        if (_channels.Count > 1)
        {
            var (code, flags) = Sum();
            readings.Add(Reading(Total, Quantity.ActivePower, code * _facts.PowerUnit, _facts.PowerStep, flags));
        }

        return Task.FromResult<IReadOnlyList<MeterReading>>(readings);
    }

    /// <inheritdoc/>
    public async Task AcquireAsync(AcquisitionRequest request, ISampleSink sink, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        _asked = request.Traces;
        // Reading a file of sysfs blocks for the chip's time on the wire: not on the thread of whoever starts it.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var poller = new MeterPoller(this, request.Traces.Count, _environment, Statistics, sink);
        await poller.RunAsync(request.Interval ?? DefaultInterval, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<bool> SampleAsync(Memory<RawSample> samples, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var before = _environment.Clock.MonotonicNs;
        try
        {
            for (var i = 0; i < _channels.Count; i++)
                _power[i] = _channels[i].ReadPower(_attributes, _facts);
        }
        catch (LinkException e) when (e.Failure == LinkFailure.Unreachable && Directory.Exists(_attributes.Folder))
        {
            // The driver is there, and its chip did not answer once: a disturbance, to be tried again before it is given up.
            throw new LinkException(LinkFailure.TimedOut, e.Message, e);
        }

        var after = _environment.Clock.MonotonicNs;
        for (var i = 0; i < _asked.Count; i++)
        {
            var (code, flags) = _asked[i] < _channels.Count ? _power[_asked[i]] : Sum();
            samples.Span[i] = new RawSample(before, after, 0, code, flags);
        }

        return ValueTask.FromResult(true);
    }

    /// <inheritdoc/>
    public async ValueTask ReopenAsync(CancellationToken cancellationToken)
    {
        _attributes.Move(new HwmonAddress(_environment).Find(Uri));
        await IdentifyAsync(cancellationToken).ConfigureAwait(false);
        if (FactsOf(_attributes, Uri) != _facts)
            throw new MeterException(MeterFailure.WrongDevice, $"{Uri}: the driver came back with another shunt, scale or update interval; what it says now is not what the recording says.");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _attributes.Dispose();
        return ValueTask.CompletedTask;
    }

    private void CheckModel(string name)
    {
        if (Uri.Model is { } model && model != name)
            throw new MeterException(MeterFailure.WrongDevice, $"{Uri}: the kernel drives this device as {name}, not as {model}. Check the address and the bound driver.");
    }

    private static HwmonFacts FactsOf(HwmonAttributes attributes, MeterUri uri) =>
        HwmonAddress.IsIio(attributes.Folder) ? IioFacts.Of(attributes, uri) : HwmonFacts.Of(attributes, uri);

    private (long Code, SampleFlags Flags) Sum()
    {
        var (sum, all) = (0L, SampleFlags.None);
        foreach (var (code, flags) in _power)
            (sum, all) = (sum + code, all | flags);
        return (sum, all);
    }

    private MeterReading Reading(string channel, Quantity quantity, double value, double step, SampleFlags flags = SampleFlags.None) =>
        new(channel, quantity, (flags & NoNumber) == 0 ? value : null, Facts.Accuracy.GetValueOrDefault(quantity), flags) { Step = step };

    private TraceDescription Describe(ChannelId channel) => new()
    {
        Channel = channel,
        Quantity = Quantity.ActivePower,
        Scale = new LinearScale(_facts.PowerUnit),
        IntervalSeconds = DefaultInterval.TotalSeconds,
        Response = Facts.Response,
        Accuracy = Facts.Accuracy.GetValueOrDefault(Quantity.ActivePower),
        Resolution = _facts.PowerStep,
    };
}
