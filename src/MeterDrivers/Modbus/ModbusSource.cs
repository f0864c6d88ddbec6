using System.Runtime.CompilerServices;

using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Modbus;

/// <summary>Reads some fields of a meter, block by block: each sample carries the bracket of its own block.</summary>
internal sealed class ModbusSource : IPolledSource
{
    private readonly ModbusClient _client;
    private readonly RegisterField[] _fields;
    private readonly RawScale[] _scales;
    private readonly (double From, double To)[] _plausible;
    private readonly double[] _counters;
    private readonly double _minimumLoad;
    private readonly IReadOnlyList<ReadBlock> _blocks;
    private readonly ushort[] _registers = new ushort[ModbusRequest.MaxRead];
    private int _generation;

    /// <summary>Prepares to read these fields.</summary>
    public ModbusSource(ModbusClient client, MeterProfile profile, IReadOnlyList<RegisterField> fields)
    {
        _client = client;
        _fields = [.. fields];
        _scales = [.. fields.Select(field => field.Scale)];
        _plausible = [.. fields.Select(field => profile.Plausible.GetValueOrDefault(field.Quantity, (double.NegativeInfinity, double.PositiveInfinity)))];
        _counters = new double[fields.Count];
        _minimumLoad = profile.MinimumLoadWatts;
        _blocks = ReadPlan.Build(profile.Registers, fields);
        _generation = client.Bus.Generation;
    }

    /// <summary>The requests of one poll.</summary>
    public IReadOnlyList<ReadBlock> Blocks => _blocks;

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> SampleAsync(Memory<RawSample> samples, CancellationToken cancellationToken)
    {
        _generation = _client.Bus.Generation;
        for (var i = 0; i < _blocks.Count; i++)
        {
            var block = _blocks[i];
            var registers = _registers.AsMemory(0, block.Count);
            var times = block.Table == RegisterTable.Input
                ? await _client.ReadInputRegistersAsync(block.Address, registers, cancellationToken).ConfigureAwait(false)
                : await _client.ReadHoldingRegistersAsync(block.Address, registers, cancellationToken).ConfigureAwait(false);
            Decode(block, times, samples.Span);
        }

        for (var i = 0; i < _fields.Length; i++)
            samples.Span[i] = WatchCounter(i, samples.Span[i]);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask ReopenAsync(CancellationToken cancellationToken) => _client.Bus.ReopenAsync(_generation, cancellationToken);

    private void Decode(ReadBlock block, ExchangeTimes times, Span<RawSample> samples)
    {
        for (var i = 0; i < block.Slots.Count; i++)
        {
            var (index, offset) = block.Slots[i];
            var field = _fields[index];
            var code = field.Encoding.Decode(_registers.AsSpan(offset, field.Encoding.Registers));
            samples[index] = new RawSample(times.BeforeNs, times.AfterNs, 0, code, FlagsOf(index, code));
        }
    }

    private SampleFlags FlagsOf(int index, long code)
    {
        var flags = _fields[index].FlagsOf(code);
        if (flags != SampleFlags.None)
            return flags;
        var value = _scales[index].ToValue(code);
        var (from, to) = _plausible[index];
        if (value < from || value > to)
            flags |= SampleFlags.Implausible;
        if (_fields[index].Quantity == Quantity.ActivePower && Math.Abs(value) < _minimumLoad)
            flags |= SampleFlags.BelowMinimumLoad;
        return flags;
    }

    // Only once every block of the poll has come: a poll that is repeated must not be compared with its own first half.
    private RawSample WatchCounter(int index, RawSample sample)
    {
        if (_fields[index].Quantity is not (Quantity.EnergyImport or Quantity.EnergyExport) || (sample.Flags & SampleFlags.NotAvailable) != 0)
            return sample;
        var value = _scales[index].ToValue(sample.Code);
        var backwards = value < _counters[index];
        _counters[index] = value;
        return backwards ? sample with { Flags = sample.Flags | SampleFlags.CounterReset } : sample;
    }
}
