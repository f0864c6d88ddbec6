using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Samples;

namespace MeterLab.Measurement.Energy;

/// <summary>
/// Power as cumulative energy over the lab's line, so that any window is a difference. Where averaging windows follow each other without a
/// hole (or counts of a register do), the energy at their borders is known and each level stands for its whole window; otherwise levels are
/// points at their windows' middles, joined by straight lines.
/// </summary>
internal sealed class CumulativeEnergy
{
    // A window between these shares of the spacing leaves no hole worth the name and no overlap.
    private const double ContiguousLow = 0.95;
    private const double ContiguousHigh = 1.05;

    private readonly long[] _timeNs;
    private readonly double[] _joules;
    private readonly double[] _levels;

    /// <summary>Takes a series; one behind a first-order filter must have been <see cref="FilterInverse">inverted</see> where it can be.</summary>
    public CumulativeEnergy(PowerSeries series)
    {
        PeriodSeconds = series.PeriodSeconds;
        GapSeconds = series.GapSeconds;
        // The mean age of what a first-order filter shows is its time constant, as that of a window twice as long.
        AveragingSeconds = series.Shape == ResponseShape.FirstOrder ? 2 * series.AveragingSeconds : series.AveragingSeconds;
        IsContiguous = AveragingSeconds / PeriodSeconds is >= ContiguousLow and <= ContiguousHigh;
        _levels = series.Watts.ToArray();
        _timeNs = IsContiguous ? ContiguousTimes(series) : MiddleTimes(series);
        _joules = IsContiguous ? ContiguousJoules(series) : TrapezoidJoules();
    }

    /// <summary>Takes energies that are known at moments: one more of each than levels between them.</summary>
    public CumulativeEnergy(long[] timeNs, double[] joules, double periodSeconds)
    {
        (_timeNs, _joules) = (timeNs, joules);
        (PeriodSeconds, AveragingSeconds, GapSeconds, IsContiguous) = (periodSeconds, periodSeconds, double.PositiveInfinity, true);
        _levels = new double[timeNs.Length - 1];
        for (var i = 0; i < _levels.Length; i++)
            _levels[i] = (joules[i + 1] - joules[i]) / ((timeNs[i + 1] - timeNs[i]) * 1e-9);
    }

    /// <summary>The usual spacing, s.</summary>
    public double PeriodSeconds { get; }

    /// <summary>The length of the averaging window, s.</summary>
    public double AveragingSeconds { get; }

    /// <summary>A spacing above this is a gap, s.</summary>
    public double GapSeconds { get; }

    /// <summary>The share of the time that the meter sees, 0 to 1.</summary>
    public double Seen => Math.Min(1, AveragingSeconds / PeriodSeconds);

    /// <summary>Whether each level stands for the whole time between two knots.</summary>
    public bool IsContiguous { get; }

    /// <summary>The first moment that the series says something about, ns.</summary>
    public long FirstNs => _timeNs[0];

    /// <summary>The last, ns.</summary>
    public long LastNs => _timeNs[^1];

    /// <summary>The knots: window borders where contiguous (one more than levels), middles otherwise.</summary>
    public ReadOnlySpan<long> TimeNs => _timeNs;

    /// <summary>W: between two knots where contiguous, at the knots otherwise.</summary>
    public ReadOnlySpan<double> Levels => _levels;

    /// <summary>Energy from <see cref="FirstNs"/> to a moment within the series, J.</summary>
    public double At(long ns)
    {
        var i = SegmentOf(ns);
        var (t0, t1) = (_timeNs[i], _timeNs[i + 1]);
        if (IsContiguous)
            return _joules[i] + (_joules[i + 1] - _joules[i]) * (ns - t0) / Math.Max(1, t1 - t0);
        var elapsed = (ns - t0) * 1e-9;
        var slope = (_levels[i + 1] - _levels[i]) / ((t1 - t0) * 1e-9);
        return _joules[i] + elapsed * (_levels[i] + slope * elapsed / 2);
    }

    /// <summary>The segment [knot i, knot i + 1] that holds a moment.</summary>
    public int SegmentOf(long ns)
    {
        var index = Array.BinarySearch(_timeNs, ns);
        var segment = index >= 0 ? index : ~index - 1;
        return Math.Clamp(segment, 0, _timeNs.Length - 2);
    }

    /// <summary>The levels that belong to a window alone: those whose own stretch lies in it.</summary>
    public (int First, int Last) LevelsWithin(long startNs, long endNs)
    {
        var halfNs = IsContiguous ? 0 : (long)(Math.Min(AveragingSeconds, PeriodSeconds) / 2 * 1e9);
        var first = SegmentOf(startNs + halfNs) + (_timeNs[SegmentOf(startNs + halfNs)] < startNs + halfNs ? 1 : 0);
        var last = SegmentOf(endNs - halfNs) + (IsContiguous ? 0 : 1);
        return (first, Math.Max(first, last));
    }

    private static long[] ContiguousTimes(PowerSeries series)
    {
        var times = new long[series.Count + 1];
        times[0] = series.EndNs[0] - (long)(series.PeriodSeconds * 1e9);
        series.EndNs.CopyTo(times.AsSpan(1));
        return times;
    }

    // After a gap the first window still lasted one period; what came before it is bridged by a straight line.
    private static double[] ContiguousJoules(PowerSeries series)
    {
        var joules = new double[series.Count + 1];
        var watts = series.Watts;
        var ends = series.EndNs;
        for (var k = 0; k < watts.Length; k++)
        {
            var seconds = k == 0 ? series.PeriodSeconds : (ends[k] - ends[k - 1]) * 1e-9;
            var own = seconds > series.GapSeconds ? series.PeriodSeconds : seconds;
            var bridge = seconds - own;
            var joined = bridge > 0 ? bridge * (watts[k - 1] + watts[k]) / 2 : 0;
            joules[k + 1] = joules[k] + own * watts[k] + joined;
        }

        return joules;
    }

    private long[] MiddleTimes(PowerSeries series)
    {
        var ageNs = (long)Math.Round(AveragingSeconds / 2 * 1e9);
        var times = series.EndNs.ToArray();
        for (var i = 0; i < times.Length; i++)
            times[i] -= ageNs;
        return times;
    }

    private double[] TrapezoidJoules()
    {
        var joules = new double[_levels.Length];
        for (var k = 1; k < joules.Length; k++)
            joules[k] = joules[k - 1] + (_timeNs[k] - _timeNs[k - 1]) * 1e-9 * (_levels[k] + _levels[k - 1]) / 2;
        return joules;
    }
}
