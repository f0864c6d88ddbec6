namespace MeterLab.Measurement.Energy;

/// <summary>
/// Readings of a meter's energy register that counts in steps: at a reading r the energy lies in [r, r + step), and where the register moved
/// by one between two readings it was exactly at the new count in between. The phase of the last count is not known, so all is relative.
/// </summary>
internal sealed class RegisterSeries
{
    // A register of which most readings repeat the one before counts in steps of its smallest move.
    private const double MostlyStill = 0.5;

    private readonly long[] _timeNs;
    private readonly double[] _joules;

    /// <summary>
    /// Takes readings in the order of time; those that are no number are left out. A step of 0 is found out from the readings; a register that
    /// is known to start again at <paramref name="wrap"/> is carried on over it.
    /// </summary>
    public RegisterSeries(ReadOnlySpan<long> timeNs, ReadOnlySpan<double> joules, double step, double? wrap)
    {
        double carried = 0, last = double.NegativeInfinity;
        var (times, values) = (new List<long>(timeNs.Length), new List<double>(timeNs.Length));
        for (var i = 0; i < timeNs.Length; i++)
        {
            if (!double.IsFinite(joules[i]) || (times.Count > 0 && timeNs[i] <= times[^1]))
                continue;
            carried += wrap is { } end && last - joules[i] > end / 2 ? end : 0;
            last = joules[i];
            times.Add(timeNs[i]);
            values.Add(joules[i] + carried);
        }

        (_timeNs, _joules) = ([.. times], [.. values]);
        StepJ = step > 0 ? step : FoundStep();
    }

    /// <summary>Moments of reading, ns.</summary>
    public ReadOnlySpan<long> TimeNs => _timeNs;

    /// <summary>Readings, J.</summary>
    public ReadOnlySpan<double> Joules => _joules;

    /// <summary>The size of a count, J; 0 where it is too fine to matter.</summary>
    public double StepJ { get; }

    /// <summary>The first moment between two readings at which the register ran backwards (a reset, an overrun), ns; null where it never did.</summary>
    public long? BackwardsNs(long fromNs, long toNs)
    {
        for (var i = Math.Max(1, At(fromNs)); i < _timeNs.Length && _timeNs[i - 1] <= toNs; i++)
        {
            if (_joules[i] < _joules[i - 1])
                return _timeNs[i - 1];
        }

        return null;
    }

    /// <summary>The reading at a moment among them, J: on the straight line between the two around it.</summary>
    public double Between(long ns)
    {
        var later = Math.Clamp(At(ns), 1, _timeNs.Length - 1);
        var share = (double)(ns - _timeNs[later - 1]) / (_timeNs[later] - _timeNs[later - 1]);
        return _joules[later - 1] + Math.Clamp(share, 0, 1) * (_joules[later] - _joules[later - 1]);
    }

    /// <summary>
    /// Moments at which the energy is known, from one backward move to the next: between two readings that differ. Null where there are
    /// fewer than <paramref name="least"/> stretches between such moments.
    /// </summary>
    public CumulativeEnergy? Knots(int least, double periodSeconds)
    {
        var (times, joules) = (new List<long>(), new List<double>());
        for (var i = 1; i < _timeNs.Length; i++)
        {
            if (_joules[i] <= _joules[i - 1])
                continue;
            times.Add(_timeNs[i - 1] + (_timeNs[i] - _timeNs[i - 1]) / 2);
            joules.Add((_joules[i - 1] + _joules[i] + StepJ) / 2);
        }

        return times.Count > least ? new CumulativeEnergy([.. times], [.. joules], periodSeconds) : null;
    }

    /// <summary>The index of the first reading at or after a moment.</summary>
    public int At(long ns)
    {
        var index = Array.BinarySearch(_timeNs, ns);
        return index >= 0 ? index : ~index;
    }

    private double FoundStep()
    {
        var smallest = double.PositiveInfinity;
        var still = 0;
        for (var i = 1; i < _joules.Length; i++)
        {
            var move = _joules[i] - _joules[i - 1];
            still += move == 0 ? 1 : 0;
            smallest = move > 0 ? Math.Min(smallest, move) : smallest;
        }

        return still > MostlyStill * _joules.Length && double.IsFinite(smallest) ? smallest : 0;
    }
}
