using MeterLab.Measurement.Samples;

namespace MeterLab.Measurement.Lag;

/// <summary>The values of a trace around a pattern, one an update, their moments counted from the pattern's start.</summary>
internal sealed class LagSamples
{
    // Read at less than this share of the update period, with so many exact repeats, a trace is polls and not updates.
    private const double PollRatio = 0.7;
    private const double PollRepeats = 0.3;

    private readonly double[] _readS;
    private readonly double[] _watts;

    private LagSamples(UpdateBeat beat, double[] watts)
    {
        _readS = beat.ReadS;
        _watts = watts;
        Beat = beat;
    }

    public UpdateBeat Beat { get; }

    public int Count => _readS.Length;

    /// <summary>Whether no value differs from another.</summary>
    public bool Constant => _watts.Length == 0 || _watts.AsSpan().IndexOfAnyExcept(_watts[0]) < 0;

    /// <summary>The usual time between values, s.</summary>
    public double SpacingS => (_readS[^1] - _readS[0]) / (Count - 1);

    /// <summary>What was read between two moments.</summary>
    public static LagSamples Between(
        ReadOnlySpan<long> readNs, ReadOnlySpan<double> watts, long fromNs, long toNs, long originNs, double periodS, double stampS)
    {
        var first = LowerBound(readNs, fromNs);
        var last = LowerBound(readNs, toNs);
        var read = readNs[first..last];
        var values = watts[first..last];
        if (Polled(read, values, periodS) is { } interval)
        {
            var updates = new UpdateFinder(periodS, interval);
            for (var i = 0; i < read.Length; i++)
                updates.Add(read[i], values[i], SampleFlags.None);
            var (ends, means, _) = updates.Finish();
            return new LagSamples(UpdateBeat.Of(Seconds([.. ends], originNs), periodS, Math.Max(stampS, interval / Math.Sqrt(12))), [.. means]);
        }

        return new LagSamples(UpdateBeat.Of(Seconds(read, originNs), periodS, stampS), values.ToArray());
    }

    /// <summary>All of it, in means of equal length so that there are no more than <paramref name="most"/>.</summary>
    public LagModel Whole(int most, PatternResponse pattern) => Model(most, pattern, _ => true);

    /// <summary>What lies within some time (s) before and after the moments at which a pattern's edges show.</summary>
    public LagModel Near(int most, PatternResponse pattern, double[] edgesS, double beforeS, double afterS)
    {
        var edge = 0;
        return Model(most, pattern, t =>
        {
            while (edge < edgesS.Length && edgesS[edge] + afterS < t)
                edge++;
            return edge < edgesS.Length && edgesS[edge] - beforeS <= t;
        });
    }

    private LagModel Model(int most, PatternResponse pattern, Predicate<double> wanted)
    {
        var kept = new List<int>(Count);
        for (var i = 0; i < Count; i++)
        {
            if (wanted(_readS[i]))
                kept.Add(i);
        }

        var block = (kept.Count + most - 1) / most;
        if (block <= 1)
            return new LagModel([.. kept.Select(i => _readS[i])], [.. kept.Select(i => _watts[i])], 0, pattern);
        var (times, values) = (new List<double>(most), new List<double>(most));
        for (var k = 0; k + block <= kept.Count; k++)
        {
            var (first, last) = (kept[k], kept[k + block - 1]);
            // A block across a hole is none.
            if (last - first != block - 1)
                continue;
            double sum = 0;
            for (var i = first; i <= last; i++)
                sum += _watts[i];
            times.Add(_readS[last]);
            values.Add(sum / block);
            k += block - 1;
        }

        return new LagModel([.. times], [.. values], (block - 1) * SpacingS, pattern);
    }

    private static double? Polled(ReadOnlySpan<long> readNs, ReadOnlySpan<double> watts, double periodS)
    {
        if (readNs.Length < 3)
            return null;
        var interval = (readNs[^1] - readNs[0]) * 1e-9 / (readNs.Length - 1);
        if (interval >= PollRatio * periodS)
            return null;
        var repeats = 0;
        for (var i = 1; i < watts.Length; i++)
            repeats += watts[i] == watts[i - 1] ? 1 : 0;
        return repeats > PollRepeats * watts.Length ? interval : null;
    }

    private static double[] Seconds(ReadOnlySpan<long> ns, long originNs)
    {
        var seconds = new double[ns.Length];
        for (var i = 0; i < seconds.Length; i++)
            seconds[i] = (ns[i] - originNs) * 1e-9;
        return seconds;
    }

    private static int LowerBound(ReadOnlySpan<long> readNs, long ns)
    {
        var index = readNs.BinarySearch(ns);
        return index < 0 ? ~index : index;
    }
}
