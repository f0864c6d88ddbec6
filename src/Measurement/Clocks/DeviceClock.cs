using MeterLab.Measurement.Samples;

namespace MeterLab.Measurement.Clocks;

/// <summary>
/// Lays the stamps of a meter that has its own clock on the lab's line. A sample arrives some unknown time after it was stamped, never
/// before: arrival minus stamp has a lower envelope, and the line that supports it from below is the clock's offset and rate plus the
/// shortest transit (Moon, Skelly, Towsley 1999). That transit cannot be told from the meter's delay and belongs to its lag.
/// </summary>
public static class DeviceClock
{
    // Shorter than this, arrivals say nothing about the rate.
    private const long ShortestForRateNs = 2_000_000_000;

    // A crystal further off than this is no crystal: then the pieces' arrivals themselves are used.
    private const double MaxRate = 0.01;

    /// <summary>
    /// The instants of samples on the lab's line, ns. A sample flagged <see cref="SampleFlags.Resynchronised"/> begins a new piece with a fit of its own.
    /// </summary>
    public static long[] ToLine(ReadOnlySpan<RawSample> samples) => Fit(samples).LineNs;

    /// <summary>The same, with what each piece's fit leaves unknown.</summary>
    public static DeviceTimes Fit(ReadOnlySpan<RawSample> samples)
    {
        var times = new long[samples.Length];
        var pieces = new List<DevicePiece>();
        var start = 0;
        for (var i = 1; i <= samples.Length; i++)
        {
            if (i < samples.Length && (samples[i].Flags & SampleFlags.Resynchronised) == 0 && samples[i].DeviceNs > samples[i - 1].DeviceNs)
                continue;
            if (i > start)
                pieces.Add(Piece(samples[start..i], times.AsSpan(start, i - start), start));
            start = i;
        }

        return new DeviceTimes(times, pieces);
    }

    private static DevicePiece Piece(ReadOnlySpan<RawSample> piece, Span<long> times, int start)
    {
        var origin = piece[0].DeviceNs;
        var baseOffset = piece[0].AfterNs - piece[0].DeviceNs;
        var (offset, rate) = Support(piece, origin, baseOffset);
        var envelope = new EnvelopeScatter(piece.Length == 0 ? 0 : piece[^1].DeviceNs - origin);
        for (var i = 0; i < piece.Length; i++)
        {
            var elapsed = piece[i].DeviceNs - origin;
            times[i] = piece[i].DeviceNs + baseOffset + (long)Math.Round(offset + rate * elapsed);
            if (IsLastOfBatch(piece, i))
                envelope.Add(elapsed, piece[i].AfterNs - times[i]);
        }

        return new DevicePiece(start, piece.Length, rate, envelope.UncertaintyNs(rateFitted: rate != 0));
    }

    // Of those that arrived in one piece, the last waited least.
    private static bool IsLastOfBatch(ReadOnlySpan<RawSample> piece, int i) => i + 1 >= piece.Length || piece[i + 1].AfterNs != piece[i].AfterNs;

    // The edge of the lower convex hull under the mean stamp.
    private static (double Offset, double Rate) Support(ReadOnlySpan<RawSample> piece, long origin, long baseOffset)
    {
        var hull = new List<(double X, double Y)>();
        double mean = 0;
        for (var i = 0; i < piece.Length; i++)
        {
            double x = piece[i].DeviceNs - origin;
            mean += x / piece.Length;
            if (!IsLastOfBatch(piece, i))
                continue;
            var point = (X: x, Y: (double)(piece[i].AfterNs - piece[i].DeviceNs - baseOffset));
            while (hull.Count >= 2 && Cross(hull[^2], hull[^1], point) <= 0)
                hull.RemoveAt(hull.Count - 1);
            hull.Add(point);
        }

        var lowest = hull.Min(p => p.Y);
        if (piece[^1].DeviceNs - origin < ShortestForRateNs || hull.Count < 2)
            return (lowest, 0);
        var edge = 0;
        while (edge + 2 < hull.Count && hull[edge + 1].X < mean)
            edge++;
        var rate = (hull[edge + 1].Y - hull[edge].Y) / (hull[edge + 1].X - hull[edge].X);
        return Math.Abs(rate) > MaxRate ? (lowest, 0) : (hull[edge].Y - rate * hull[edge].X, rate);
    }

    private static double Cross((double X, double Y) o, (double X, double Y) a, (double X, double Y) b) =>
        (a.X - o.X) * (b.Y - o.Y) - (a.Y - o.Y) * (b.X - o.X);
}
