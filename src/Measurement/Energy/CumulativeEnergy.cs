using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Samples;

namespace MeterLab.Measurement.Energy;

/// <summary>
/// A power series as cumulative energy over the lab's line, so that any window is a difference. Where averaging windows follow each
/// other without a hole, each value stands for its whole window; otherwise values are points at their windows' middles, joined by
/// straight lines.
/// </summary>
internal sealed class CumulativeEnergy
{
    // A window between these shares of the spacing leaves no hole worth the name and no overlap.
    private const double ContiguousLow = 0.7;
    private const double ContiguousHigh = 1.3;

    private readonly long[] _timeNs;
    private readonly double[] _joules;

    public CumulativeEnergy(PowerSeries series)
    {
        Series = series;
        var ratio = series.AveragingSeconds / series.PeriodSeconds;
        IsContiguous = series.Shape == ResponseShape.Average && ratio is >= ContiguousLow and <= ContiguousHigh;
        _timeNs = IsContiguous ? ContiguousTimes(series) : MiddleTimes(series);
        _joules = IsContiguous ? ContiguousJoules(series) : TrapezoidJoules(series);
    }

    public PowerSeries Series { get; }

    /// <summary>Whether each value stands for the whole time since the one before.</summary>
    public bool IsContiguous { get; }

    /// <summary>The first moment that the series says something about, ns.</summary>
    public long FirstNs => _timeNs[0];

    /// <summary>The last, ns.</summary>
    public long LastNs => _timeNs[^1];

    /// <summary>The knots: window borders where contiguous (one more than values), middles otherwise.</summary>
    public ReadOnlySpan<long> TimeNs => _timeNs;

    /// <summary>Energy from <see cref="FirstNs"/> to a moment within the series, J.</summary>
    public double At(long ns)
    {
        var i = SegmentOf(ns);
        var (t0, t1) = (_timeNs[i], _timeNs[i + 1]);
        var elapsed = (ns - t0) * 1e-9;
        if (IsContiguous)
            return _joules[i] + (_joules[i + 1] - _joules[i]) * (ns - t0) / Math.Max(1, t1 - t0);
        var watts = Series.Watts;
        var slope = (watts[i + 1] - watts[i]) / ((t1 - t0) * 1e-9);
        return _joules[i] + elapsed * (watts[i] + slope * elapsed / 2);
    }

    /// <summary>The segment [knot i, knot i + 1] that holds a moment.</summary>
    public int SegmentOf(long ns)
    {
        var index = Array.BinarySearch(_timeNs, ns);
        var segment = index >= 0 ? index : ~index - 1;
        return Math.Clamp(segment, 0, _timeNs.Length - 2);
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

    private static long[] MiddleTimes(PowerSeries series)
    {
        // The mean age of what a first-order filter shows is its time constant.
        var age = series.Shape == ResponseShape.FirstOrder ? series.AveragingSeconds : series.AveragingSeconds / 2;
        var ageNs = (long)Math.Round(age * 1e9);
        var times = series.EndNs.ToArray();
        for (var i = 0; i < times.Length; i++)
            times[i] -= ageNs;
        return times;
    }

    private double[] TrapezoidJoules(PowerSeries series)
    {
        var joules = new double[series.Count];
        var watts = series.Watts;
        for (var k = 1; k < joules.Length; k++)
            joules[k] = joules[k - 1] + (_timeNs[k] - _timeNs[k - 1]) * 1e-9 * (watts[k] + watts[k - 1]) / 2;
        return joules;
    }
}
