using System.Runtime.CompilerServices;

using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Fields;

namespace MeterLab.MeterDrivers.Serial.Mcp39f511n;

/// <summary>
/// An MCP39F511N or MCP39F501. Nothing is written: the scale of the two-channel device is worked out from the range registers that it has, and its window from
/// the accumulation interval.
/// </summary>
internal sealed class McpDevice(McpLine line, bool twoChannels) : IFieldDevice
{
    private const ushort IntervalAt = 0x00A8;
    private const ushort Range1At = 0x00AE;
    private const ushort Range2At = 0x00BE;
    private const int PowerRangeByte = 2;
    private const int CalibratedRange = 19;
    private const double CalibratedWatts = 0.01;
    private const double LineHz = 50;
    private const int LongestInterval = 8;

    private McpSettings _set;

    /// <inheritdoc/>
    public IReadOnlyList<MeasuredField> Fields { get; private set; } = McpFacts.OutputFields;

    /// <inheritdoc/>
    public MeterFacts Facts { get; private set; } = McpFacts.One;

    /// <summary>Opens the line and reads what the scale depends on. Throws <see cref="LinkException"/> and <see cref="MeterException"/>.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await line.OpenAsync().ConfigureAwait(false);
        if (!twoChannels)
        {
            await ReadAsync(McpFacts.OutputsAt, 22, cancellationToken).ConfigureAwait(false);
            return;
        }

        _set = await SettingsAsync(cancellationToken).ConfigureAwait(false);
        // With one cycle (N = 0) the device works its powers out wrongly.
        if (_set.Interval is 0 or > LongestInterval)
        {
            throw new MeterException(
                MeterFailure.Protocol, $"{line.Name}: the accumulation interval is set to {_set.Interval}; 1 to {LongestInterval} is right (4 as shipped). With 0 its powers are wrong.");
        }

        Fields =
        [
            new("ch1", Quantity.ActivePower, new LinearScale(WattsPerCount(_set.FirstRange)), 0),
            new("ch2", Quantity.ActivePower, new LinearScale(WattsPerCount(_set.SecondRange)), 1),
        ];
        Facts = McpFacts.Two((1 << _set.Interval) / LineHz);
    }

    /// <summary>Opens the line again after it went away. A device that lost its supply forgets ranges that were not saved, and its counts mean something else then.</summary>
    private async ValueTask ReopenAsync(CancellationToken cancellationToken)
    {
        await line.OpenAsync().ConfigureAwait(false);
        if (twoChannels && await SettingsAsync(cancellationToken).ConfigureAwait(false) is var now && now != _set)
            throw new MeterException(MeterFailure.WrongSettings, $"{line.Name}: the device came back with {now}, where it had {_set}: its counts mean something else now. Start the recording anew.");
    }

    /// <inheritdoc/>
    public async Task<MeterIdentity> IdentifyAsync(CancellationToken cancellationToken) => twoChannels
        ? new MeterIdentity(Facts.Vendor, Facts.Model) { Settings = (await SettingsAsync(cancellationToken).ConfigureAwait(false)).ToString() }
        : new MeterIdentity(Facts.Vendor, Facts.Model);

    /// <inheritdoc/>
    public IPolledSource Source(IReadOnlyList<MeasuredField> fields) => new McpSource(this, line, twoChannels, fields);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => line.DisposeAsync();

    // The factory calibrates for a range of 19, where a count is 10 mW; each step less halves the count.
    private double WattsPerCount(byte range) => range <= 31
        ? CalibratedWatts / Math.Pow(2, CalibratedRange - range)
        : throw new MeterException(MeterFailure.Protocol, $"{line.Name}: {range} is no range of power; 0 to 31 is right.");

    private async Task<McpSettings> SettingsAsync(CancellationToken cancellationToken) => new(
        (await ReadAsync(IntervalAt, 2, cancellationToken).ConfigureAwait(false))[0],
        (await ReadAsync(Range1At, 4, cancellationToken).ConfigureAwait(false))[PowerRangeByte],
        (await ReadAsync(Range2At, 4, cancellationToken).ConfigureAwait(false))[PowerRangeByte]);

    private async Task<byte[]> ReadAsync(ushort address, int count, CancellationToken cancellationToken)
    {
        var data = new byte[count];
        await line.ReadAsync(address, McpFrame.Question(address, count), data, cancellationToken).ConfigureAwait(false);
        return data;
    }

    private sealed class McpSource : IPolledSource
    {
        private readonly McpDevice _device;
        private readonly McpLine _line;
        private readonly ushort _address;
        private readonly byte[] _question;
        private readonly byte[] _data;
        private readonly McpSlot[] _slots;

        public McpSource(McpDevice device, McpLine line, bool twoChannels, IReadOnlyList<MeasuredField> fields)
        {
            (_device, _line) = (device, line);
            var all = twoChannels ? McpFacts.PowerSlots : McpFacts.OutputSlots;
            _address = twoChannels ? McpFacts.PowersAt : McpFacts.OutputsAt;
            _data = new byte[all.Sum(slot => slot.Bytes)];
            _question = McpFrame.Question(_address, _data.Length);
            _slots = [.. fields.Select(field => all[field.Index])];
        }

        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
        public async ValueTask<bool> SampleAsync(Memory<RawSample> samples, CancellationToken cancellationToken)
        {
            var (before, after) = await _line.ReadAsync(_address, _question, _data, cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < _slots.Length; i++)
                samples.Span[i] = new RawSample(before, after, 0, _slots[i].Read(_data), SampleFlags.None);
            return true;
        }

        public ValueTask ReopenAsync(CancellationToken cancellationToken) => _device.ReopenAsync(cancellationToken);
    }

    /// <summary>What its counts depend on: the window of 2^N cycles, and the ranges of both powers.</summary>
    private readonly record struct McpSettings(byte Interval, byte FirstRange, byte SecondRange)
    {
        public override string ToString() => $"accumulation-interval {Interval}, power-range {FirstRange} {SecondRange}";
    }
}
