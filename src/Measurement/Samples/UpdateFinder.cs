namespace MeterLab.Measurement.Samples;

/// <summary>
/// Finds a meter's updates in polls. A change of value between two polls is an update; where the value stays (a steady load and a
/// coarse resolution), updates are counted on at the beat of the changes seen.
/// </summary>
internal sealed class UpdateFinder(double periodSeconds, double intervalSeconds)
{
    private readonly long _periodNs = (long)Math.Round(periodSeconds * 1e9);
    private readonly long _gapNs = (long)Math.Round(2.5 * intervalSeconds * 1e9);
    private readonly List<long> _ends = [];
    private readonly List<double> _values = [];
    private readonly List<SampleFlags> _flags = [];
    private long _previousNs = long.MinValue;
    private double _previous;
    private SampleFlags _pending;

    public void Add(long ns, double value, SampleFlags flags)
    {
        if (_previousNs == long.MinValue)
        {
            // When the first value came to be is not known: it is taken as new when first read.
            Emit(ns, value, flags);
        }
        else if (value != _previous || ns - _previousNs > _gapNs)
        {
            // The bits differ, or too much time went by to know: an update between the two polls.
            var update = ns - _previousNs > _gapNs ? ns : _previousNs + (ns - _previousNs) / 2;
            FillTo(update);
            Emit(update, value, flags | _pending);
            _pending = SampleFlags.None;
        }
        else
        {
            _pending |= flags & ~SampleFlags.Retried;
        }

        _previousNs = ns;
        _previous = value;
    }

    public (List<long> Ends, List<double> Values, List<SampleFlags> Flags) Finish()
    {
        if (_ends.Count > 0)
            FillTo(_previousNs + _periodNs / 2);
        return (_ends, _values, _flags);
    }

    // Updates that repeated the value: whole periods since the last one seen, evenly shared.
    private void FillTo(long nextNs)
    {
        if (_ends.Count == 0)
            return;
        var last = _ends[^1];
        if (nextNs - _previousNs > _gapNs)
            nextNs = _previousNs;
        var missing = (int)Math.Round((double)(nextNs - last) / _periodNs) - 1;
        if (missing <= 0)
            return;
        var step = Math.Min((nextNs - last) / (missing + 1), _periodNs + _periodNs / 10);
        for (var i = 1; i <= missing; i++)
            Emit(last + i * step, _previous, SampleFlags.None);
    }

    private void Emit(long ns, double value, SampleFlags flags)
    {
        _ends.Add(ns);
        _values.Add(value);
        _flags.Add(flags);
    }
}
