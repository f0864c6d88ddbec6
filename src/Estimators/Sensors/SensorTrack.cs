using MeterLab.Estimators.Attribution;

namespace MeterLab.Estimators.Sensors;

/// <summary>The energy of one part of a machine as one sensor tells it: joules since the first reading, reading by reading.</summary>
internal sealed class SensorTrack(string component)
{
    private readonly List<(double AtS, double Joules)> _points = [];
    private readonly List<(double FromS, double ToS)> _breaks = [];

    /// <summary>cpu, ram, gpu or system.</summary>
    public string Component { get; } = component;

    /// <summary>Readings taken in.</summary>
    public int Count => _points.Count;

    /// <summary>The first reading, s.</summary>
    public double FromS => _points[0].AtS;

    /// <summary>The last reading, s.</summary>
    public double ToS => _points[^1].AtS;

    /// <summary>A further reading: so many joules since the one before it. The joules of the first one do not count.</summary>
    public void Add(double atS, double joules) => _points.Add((atS, _points.Count == 0 ? 0 : _points[^1].Joules + joules));

    /// <summary>A further reading before which nothing is known: the time since the one before is not covered.</summary>
    public void AddAfterBreak(double atS)
    {
        _breaks.Add((_points[^1].AtS, atS));
        Add(atS, 0);
    }

    /// <summary>
    /// From power readings, joined by straight lines. Where the next reading is more than <paramref name="longestS"/> away, nothing is known
    /// of the time between.
    /// </summary>
    public static SensorTrack OfPower(string component, IReadOnlyList<(double AtS, double Watts)> readings, double longestS)
    {
        var track = new SensorTrack(component);
        for (var i = 0; i < readings.Count; i++)
        {
            var seconds = i == 0 ? 0 : readings[i].AtS - readings[i - 1].AtS;
            if (seconds > longestS)
                track.AddAfterBreak(readings[i].AtS);
            else
                track.Add(readings[i].AtS, i == 0 ? 0 : (readings[i].Watts + readings[i - 1].Watts) / 2 * seconds);
        }

        return track;
    }

    /// <summary>All tracks on the times of all their readings, added up by component; null where no track has two readings.</summary>
    public static EnergySeries? Combine(IReadOnlyList<SensorTrack> tracks)
    {
        SensorTrack[] used = [.. tracks.Where(track => track.Count > 1)];
        if (used.Length == 0)
            return null;
        string[] names = [.. used.Select(track => track.Component).Distinct()];
        double[] times = [.. used.SelectMany(track => track._points.Select(point => point.AtS)).Distinct().Order()];
        var cursors = new int[used.Length];
        // Every track counts from 0 at its own first reading.
        var last = new double[used.Length];
        var intervals = new List<EnergyInterval>(times.Length);
        for (var i = 1; i < times.Length; i++)
        {
            var joules = new double[names.Length];
            for (var k = 0; k < used.Length; k++)
            {
                var now = used[k].At(times[i], ref cursors[k]);
                joules[Array.IndexOf(names, used[k].Component)] += now - last[k];
                last[k] = now;
            }

            var (from, to) = (times[i - 1], times[i]);
            if (!Array.Exists(used, track => track._breaks.Exists(gap => gap.FromS < to && from < gap.ToS)))
                intervals.Add(new EnergyInterval(from, to, joules));
        }

        return intervals.Count == 0 ? null : new EnergySeries(names, intervals);
    }

    // Times are asked for in rising order, so that the cursor only moves on.
    private double At(double timeS, ref int cursor)
    {
        while (cursor + 1 < _points.Count && _points[cursor + 1].AtS <= timeS)
            cursor++;
        var (at, joules) = _points[cursor];
        if (timeS <= at || cursor + 1 == _points.Count)
            return joules;
        var (nextAt, next) = _points[cursor + 1];
        return joules + ((next - joules) * (timeS - at) / (nextAt - at));
    }
}
