using System.Runtime.CompilerServices;

using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers.Fields;

/// <summary>Looks at each sample of a source: is it plausible, is the load enough, did a counter run backwards.</summary>
internal sealed class CheckedSource : IPolledSource
{
    private const SampleFlags NoNumber = SampleFlags.NotAvailable | SampleFlags.Overflow;

    private readonly IPolledSource _inner;
    private readonly MeasuredField[] _fields;
    private readonly (double From, double To)[] _plausible;
    private readonly double[] _counters;
    private readonly double _minimumLoad;

    /// <summary>Watches <paramref name="inner"/>, which reads these fields.</summary>
    public CheckedSource(IPolledSource inner, IReadOnlyList<MeasuredField> fields, FieldLimits limits)
    {
        _inner = inner;
        _fields = [.. fields];
        _plausible = [.. fields.Select(field => limits.Plausible.GetValueOrDefault(field.Quantity, (double.NegativeInfinity, double.PositiveInfinity)))];
        _counters = new double[fields.Count];
        _minimumLoad = limits.MinimumLoadWatts;
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> SampleAsync(Memory<RawSample> samples, CancellationToken cancellationToken)
    {
        if (!await _inner.SampleAsync(samples, cancellationToken).ConfigureAwait(false))
            return false;
        for (var i = 0; i < _fields.Length; i++)
        {
            var sample = samples.Span[i];
            samples.Span[i] = sample with { Flags = sample.Flags | FlagsOf(i, sample) };
        }

        return true;
    }

    /// <inheritdoc/>
    public ValueTask ReopenAsync(CancellationToken cancellationToken) => _inner.ReopenAsync(cancellationToken);

    private SampleFlags FlagsOf(int index, in RawSample sample)
    {
        if ((sample.Flags & NoNumber) != 0)
            return SampleFlags.None;
        var flags = SampleFlags.None;
        var value = _fields[index].Scale.ToValue(sample.Code);
        var (from, to) = _plausible[index];
        if (value < from || value > to)
            flags |= SampleFlags.Implausible;
        if (_fields[index].Quantity == Quantity.ActivePower && Math.Abs(value) < _minimumLoad)
            flags |= SampleFlags.BelowMinimumLoad;
        if (_fields[index].Quantity is Quantity.EnergyImport or Quantity.EnergyExport)
        {
            if (value < _counters[index])
                flags |= SampleFlags.CounterReset;
            _counters[index] = value;
        }

        return flags;
    }
}
