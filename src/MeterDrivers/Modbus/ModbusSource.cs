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
    private readonly (int Field, int Read, int Offset)[] _places;
    private readonly ModbusRead[] _reads;
    private readonly RegisterEncoding[] _encodings;
    private readonly long[] _codes;
    private readonly int[] _helpers;
    private readonly double[] _counters;
    private readonly double _minimumLoad;
    private int _generation;
    private long _answers;

    /// <summary>Prepares to read these fields.</summary>
    public ModbusSource(ModbusClient client, MeterProfile profile, IReadOnlyList<RegisterField> fields)
    {
        _client = client;
        _fields = [.. fields];
        _scales = [.. fields.Select(field => field.Scale)];
        _plausible = [.. fields.Select(field => profile.Plausible.GetValueOrDefault(field.Quantity, (double.NegativeInfinity, double.PositiveInfinity)))];
        _counters = new double[fields.Count];
        _minimumLoad = profile.MinimumLoadWatts;
        var all = WithHelpers(fields, out _helpers);
        Blocks = ReadPlan.Build(profile.Registers, all);
        _reads = [.. Blocks.Select(block => new ModbusRead(block.Table, block.Address, block.Count))];
        _places = [.. Blocks.SelectMany((block, read) => block.Slots.Select(slot => (slot.Field, read, slot.Offset))).OrderBy(place => place.Field)];
        _codes = new long[all.Count];
        _encodings = [.. all.Select(field => field.Encoding)];
        _generation = client.Bus.Generation;
    }

    /// <summary>The requests of one poll.</summary>
    public IReadOnlyList<ReadBlock> Blocks { get; }

    /// <inheritdoc/>
    public bool IsLineAlive => _client.Bus.Generation == _generation && _client.Bus.Answers != _answers;

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> SampleAsync(Memory<RawSample> samples, CancellationToken cancellationToken)
    {
        _generation = _client.Bus.Generation;
        _answers = _client.Bus.Answers;
        await _client.ReadAsync(_reads, cancellationToken).ConfigureAwait(false);
        foreach (var (field, read, offset) in _places)
            _codes[field] = _encodings[field].Decode(_reads[read].Registers.Slice(offset, _encodings[field].Registers));
        for (var i = 0; i < _fields.Length; i++)
            samples.Span[i] = WatchCounter(i, Sample(i, _reads[_places[i].Read].Times));
        return true;
    }

    /// <inheritdoc/>
    public ValueTask ReopenAsync(CancellationToken cancellationToken) => _client.Bus.ReopenAsync(_generation, cancellationToken);

    // Behind the wanted fields come the registers that some of them need: what is subtracted, and powers of ten.
    private static List<RegisterField> WithHelpers(IReadOnlyList<RegisterField> fields, out int[] helpers)
    {
        var all = fields.ToList();
        helpers = new int[fields.Count];
        for (var i = 0; i < fields.Count; i++)
        {
            helpers[i] = -1;
            if ((fields[i].Minus ?? fields[i].ScaleRegister) is not { } address)
                continue;
            helpers[i] = all.Count;
            all.Add(fields[i] with
            {
                Address = address,
                Encoding = fields[i].ScaleRegister is null ? fields[i].Encoding : new RegisterEncoding(RegisterType.S16),
            });
        }

        return all;
    }

    private RawSample Sample(int index, ExchangeTimes times)
    {
        var field = _fields[index];
        var code = _codes[index];
        var flags = field.FlagsOf(code);
        if (flags == SampleFlags.None && _helpers[index] >= 0)
            flags = Combine(field, _codes[_helpers[index]], ref code);
        if (flags == SampleFlags.None && field.Quadrants)
            code = QuadrantPowerFactor.ToSigned(code);
        if (flags == SampleFlags.None)
            flags = Judge(index, code);
        return new RawSample(times.BeforeNs, times.AfterNs, 0, code, flags);
    }

    private static SampleFlags Combine(RegisterField field, long other, ref long code)
    {
        if (field.Minus is not null)
        {
            code -= other;
            return field.FlagsOf(other);
        }

        if (other is short.MinValue or < -SunSpecChain.LargestExponent or > SunSpecChain.LargestExponent)
            return SampleFlags.NotAvailable;
        return field.TryScale(code, (int)other, out code) ? SampleFlags.None : SampleFlags.Overflow;
    }

    private SampleFlags Judge(int index, long code)
    {
        var flags = SampleFlags.None;
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
