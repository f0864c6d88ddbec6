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

        var interval = (await ReadAsync(IntervalAt, 2, cancellationToken).ConfigureAwait(false))[0];
        // With one cycle (N = 0) the device works its powers out wrongly.
        if (interval is 0 or > LongestInterval)
        {
            throw new MeterException(
                MeterFailure.Protocol, $"{line.Name}: the accumulation interval is set to {interval}; 1 to {LongestInterval} is right (4 as shipped). With 0 its powers are wrong.");
        }

        Fields =
        [
            new("ch1", Quantity.ActivePower, new LinearScale(await WattsPerCountAsync(Range1At, cancellationToken).ConfigureAwait(false)), 0),
            new("ch2", Quantity.ActivePower, new LinearScale(await WattsPerCountAsync(Range2At, cancellationToken).ConfigureAwait(false)), 1),
        ];
        Facts = McpFacts.Two((1 << interval) / LineHz);
    }

    /// <inheritdoc/>
    public async Task<MeterIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        if (!twoChannels)
            return new MeterIdentity(Facts.Vendor, Facts.Model);
        var interval = (await ReadAsync(IntervalAt, 2, cancellationToken).ConfigureAwait(false))[0];
        var first = (await ReadAsync(Range1At, 4, cancellationToken).ConfigureAwait(false))[PowerRangeByte];
        var second = (await ReadAsync(Range2At, 4, cancellationToken).ConfigureAwait(false))[PowerRangeByte];
        return new MeterIdentity(Facts.Vendor, Facts.Model) { Settings = $"accumulation-interval {interval}, power-range {first} {second}" };
    }

    /// <inheritdoc/>
    public IPolledSource Source(IReadOnlyList<MeasuredField> fields) => new McpSource(line, twoChannels, fields);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => line.DisposeAsync();

    // The factory calibrates for a range of 19, where a count is 10 mW; each step less halves the count.
    private async Task<double> WattsPerCountAsync(ushort address, CancellationToken cancellationToken)
    {
        var range = (await ReadAsync(address, 4, cancellationToken).ConfigureAwait(false))[PowerRangeByte];
        return range <= 31
            ? CalibratedWatts / Math.Pow(2, CalibratedRange - range)
            : throw new MeterException(MeterFailure.Protocol, $"{line.Name}: {range} is no range of power; 0 to 31 is right.");
    }

    private async Task<byte[]> ReadAsync(ushort address, int count, CancellationToken cancellationToken)
    {
        var data = new byte[count];
        await line.ReadAsync(address, McpFrame.Question(address, count), data, cancellationToken).ConfigureAwait(false);
        return data;
    }

    private sealed class McpSource : IPolledSource
    {
        private readonly McpLine _line;
        private readonly ushort _address;
        private readonly byte[] _question;
        private readonly byte[] _data;
        private readonly McpSlot[] _slots;

        public McpSource(McpLine line, bool twoChannels, IReadOnlyList<MeasuredField> fields)
        {
            _line = line;
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

        public ValueTask ReopenAsync(CancellationToken cancellationToken) => _line.OpenAsync();
    }
}
