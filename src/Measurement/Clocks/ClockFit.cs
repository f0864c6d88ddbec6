using MathNet.Numerics.Distributions;

namespace MeterLab.Measurement.Clocks;

/// <summary>
/// Fits a remote clock to bracketed readings. Hard bounds come from the polygon of all straight clocks that agree with every
/// bracket; the best estimate is a weighted line through the quickest reading of each group (Cristian 1989; NTP's clock filter,
/// RFC 5905), taken only where it lies within the bounds. Averaging does not remove the link's asymmetry, so the bounds' half
/// width stays in the uncertainty as a rectangular part.
/// </summary>
public static class ClockFit
{
    // A crystal outside this is broken or being slewed away; it bounds the polygon.
    private const double MaxRateNsPerSecond = 5e6;

    // The stamps' own granularity and the crystal's wander between probes: brackets are widened by this.
    private const double SlackNs = 5_000;

    // Where too few groups are there to fit a rate: crystals keep within this (rectangular).
    private const double PriorRateNsPerSecond = 200_000;

    // Crystals wander with temperature by parts in 1e8 to 1e7 over minutes; no rate is known better.
    private const double RateFloorNsPerSecond = 30;

    private const long GroupGapNs = 300_000_000;
    private const int GroupSize = 12;

    /// <summary>
    /// Fits. Observations may come in any order; at least one is needed, otherwise <see cref="ArgumentException"/>.
    /// </summary>
    /// <param name="observations">Bracketed readings of the remote clock.</param>
    /// <param name="remote">The remote clock's name.</param>
    public static ClockFitResult Fit(IReadOnlyList<SyncObservation> observations, ClockId remote)
    {
        ArgumentNullException.ThrowIfNull(observations);
        if (observations.Count == 0)
            throw new ArgumentException("A clock cannot be fitted to no readings.", nameof(observations));
        var ordered = observations.OrderBy(o => o.MiddleNs).ToArray();
        var pieces = Split(ordered);
        var segments = pieces.Select(piece => FitPiece(ordered.AsSpan(piece.Start, piece.Count), piece.Polygon, piece.Frame, remote)).ToList();
        var steps = new List<ClockStep>();
        for (var i = 1; i < pieces.Count; i++)
        {
            var before = ordered[pieces[i].Start - 1];
            var after = ordered[pieces[i].Start];
            if (StepBetween(segments[i - 1], segments[i], before, after) is { } step)
            {
                steps.Add(step);
            }
            else
            {
                // No jump, only a bend: the pieces meet between the two probes.
                var middle = before.MiddleNs + (after.MiddleNs - before.MiddleNs) / 2;
                segments[i - 1] = segments[i - 1] with { ValidToNs = middle };
                segments[i] = segments[i] with { ValidFromNs = middle + 1 };
            }
        }

        return new ClockFitResult
        {
            Segments = segments,
            Steps = steps,
            MinRoundTripNs = ordered.Min(o => o.RoundTripNs),
            Probes = ordered.Length,
        };
    }

    private static List<Piece> Split(SyncObservation[] ordered)
    {
        var pieces = new List<Piece>();
        var start = 0;
        var frame = new Frame(ordered[0]);
        var polygon = frame.NewPolygon(ordered[0]);
        for (var i = 1; i < ordered.Length; i++)
        {
            var next = polygon.Copy();
            frame.Cut(next, ordered[i]);
            if (next.IsEmpty)
            {
                pieces.Add(new Piece(start, i - start, polygon, frame));
                start = i;
                frame = new Frame(ordered[i]);
                polygon = frame.NewPolygon(ordered[i]);
            }
            else
            {
                polygon = next;
            }
        }

        pieces.Add(new Piece(start, ordered.Length - start, polygon, frame));
        return pieces;
    }

    private static ClockMap FitPiece(ReadOnlySpan<SyncObservation> piece, OffsetPolygon polygon, Frame frame, ClockId remote)
    {
        var line = WeightedLine(QuickestOfEachGroup(piece), frame);
        var centre = line?.Time ?? frame.TimeOf(piece[0].MiddleNs + (piece[^1].MiddleNs - piece[0].MiddleNs) / 2);
        var (low, high) = polygon.At(centre);
        var halfWidth = (high - low) / 2;
        var (rateLow, rateHigh) = polygon.Rates();
        double offset, rate, uOffset, uRate;
        if (line is { } l && polygon.Contains(l.Offset - l.Rate * l.Time, l.Rate))
        {
            (offset, rate) = (l.Offset, l.Rate);
            // The truth may lie anywhere within the bounds: the farther of the two counts.
            var reach = Math.Max(high - offset, offset - low);
            uOffset = Math.Sqrt(l.OffsetVariance + reach * reach / 3);
            uRate = Math.Sqrt(l.RateVariance + RateFloorNsPerSecond * RateFloorNsPerSecond);
        }
        else
        {
            var (o, r) = polygon.Centroid();
            (offset, rate) = (o + r * centre, r);
            uOffset = halfWidth / Math.Sqrt(3);
            uRate = (rateHigh - rateLow) / 2 / Math.Sqrt(3);
        }

        var reference = frame.ReferenceNs + (long)Math.Round(centre * 1e9);
        var whole = (long)Math.Floor(offset);
        return new ClockMap
        {
            From = ClockId.HostMonotonic,
            To = remote,
            ReferenceNs = reference,
            OffsetNs = frame.BaseOffsetNs + whole,
            OffsetFractionNs = offset - whole,
            Rate = rate * 1e-9,
            OffsetUncertaintyNs = uOffset,
            RateUncertainty = uRate * 1e-9,
            ValidFromNs = piece[0].BeforeNs,
            ValidToNs = piece[^1].AfterNs,
        };
    }

    private static List<SyncObservation> QuickestOfEachGroup(ReadOnlySpan<SyncObservation> piece)
    {
        var quickest = new List<SyncObservation>();
        var best = piece[0];
        var size = 1;
        for (var i = 1; i < piece.Length; i++)
        {
            if (size >= GroupSize || piece[i].BeforeNs - piece[i - 1].AfterNs > GroupGapNs)
            {
                quickest.Add(best);
                best = piece[i];
                size = 1;
                continue;
            }

            size++;
            if (piece[i].RoundTripNs < best.RoundTripNs)
                best = piece[i];
        }

        quickest.Add(best);
        return quickest;
    }

    // A weighted straight line; a reading slower than the quickest may be off by half of what it was slower by.
    private static Line? WeightedLine(List<SyncObservation> quickest, Frame frame)
    {
        if (quickest.Count < 3)
            return quickest.Count == 0 ? null : ConstantLine(quickest, frame);
        var minimum = quickest.Min(o => o.RoundTripNs);
        double[] Weights(double jitter) => [.. quickest.Select(o =>
        {
            var excess = (o.RoundTripNs - minimum) / 2.0;
            return 1 / (jitter * jitter + excess * excess / 3 + o.ResolutionNs * (double)o.ResolutionNs / 12);
        })];
        var line = Solve(quickest, Weights(SlackNs), frame);
        // One more pass with the jitter that the residuals show.
        var residuals = quickest.Select(o => frame.OffsetOf(o) - line.Offset - line.Rate * (frame.TimeOf(o.MiddleNs) - line.Time)).ToArray();
        var jitter = Math.Max(1_000, Math.Sqrt(residuals.Sum(r => r * r) / Math.Max(1, quickest.Count - 2)));
        line = Solve(quickest, Weights(jitter), frame);
        // Few groups: the scatter itself is poorly known (Student's t against the normal, at 95 %).
        var freedom = quickest.Count - 2;
        var widen = StudentT.InvCDF(0, 1, freedom, 0.975) / 1.96;
        return line with { OffsetVariance = line.OffsetVariance * widen * widen, RateVariance = line.RateVariance * widen * widen };
    }

    private static Line ConstantLine(List<SyncObservation> quickest, Frame frame)
    {
        var best = quickest.MinBy(o => o.RoundTripNs);
        return new Line(frame.TimeOf(best.MiddleNs), frame.OffsetOf(best), 0, 0, PriorRateNsPerSecond * PriorRateNsPerSecond / 3);
    }

    private static Line Solve(List<SyncObservation> points, double[] weights, Frame frame)
    {
        double sw = 0, sx = 0, sy = 0;
        for (var i = 0; i < points.Count; i++)
        {
            sw += weights[i];
            sx += weights[i] * frame.TimeOf(points[i].MiddleNs);
            sy += weights[i] * frame.OffsetOf(points[i]);
        }

        double meanX = sx / sw, meanY = sy / sw, sxx = 0, sxy = 0;
        for (var i = 0; i < points.Count; i++)
        {
            var dx = frame.TimeOf(points[i].MiddleNs) - meanX;
            sxx += weights[i] * dx * dx;
            sxy += weights[i] * dx * (frame.OffsetOf(points[i]) - meanY);
        }

        var prior = PriorRateNsPerSecond * PriorRateNsPerSecond / 3;
        // Probes within a moment say nothing about the rate: fall back to what crystals keep.
        return sxx * prior < 1
            ? new Line(meanX, meanY, 0, 1 / sw, prior)
            : new Line(meanX, meanY, sxy / sxx, 1 / sw, 1 / sxx);
    }

    private static ClockStep? StepBetween(ClockMap before, ClockMap after, SyncObservation last, SyncObservation first)
    {
        double Offset(ClockMap map, long ns) => map.OffsetNs - before.OffsetNs + map.OffsetFractionNs + map.Rate * (ns - map.ReferenceNs);
        double Uncertainty(ClockMap map, long ns)
        {
            double elapsed = ns - map.ReferenceNs;
            return Math.Sqrt(map.OffsetUncertaintyNs * map.OffsetUncertaintyNs + elapsed * elapsed * map.RateUncertainty * map.RateUncertainty);
        }

        var middle = last.MiddleNs + (first.MiddleNs - last.MiddleNs) / 2;
        var size = Offset(after, middle) - Offset(before, middle);
        var uncertainty = Math.Sqrt(Math.Pow(Uncertainty(before, middle), 2) + Math.Pow(Uncertainty(after, middle), 2));
        // Below this it is a bend (a time service slewing, a warming crystal), not a jump.
        return Math.Abs(size) > Math.Max(3 * uncertainty, 200_000) ? new ClockStep(last.BeforeNs, first.AfterNs, size, uncertainty) : null;
    }

    private sealed record Piece(int Start, int Count, OffsetPolygon Polygon, Frame Frame);

    private readonly record struct Line(double Time, double Offset, double Rate, double OffsetVariance, double RateVariance);

    // Offsets of nanoseconds since 1970 do not fit a double: everything is relative to the piece's first reading.
    private sealed class Frame(SyncObservation first)
    {
        public long ReferenceNs { get; } = first.MiddleNs;

        public long BaseOffsetNs { get; } = first.RemoteNs - first.MiddleNs;

        public double TimeOf(long ns) => (ns - ReferenceNs) * 1e-9;

        // A truncated reading was on average half a resolution further.
        public double OffsetOf(SyncObservation o) => o.RemoteNs - o.MiddleNs - BaseOffsetNs + o.ResolutionNs / 2.0;

        public OffsetPolygon NewPolygon(SyncObservation o)
        {
            var polygon = new OffsetPolygon(OffsetOf(o), o.RoundTripNs + o.ResolutionNs + 1e6, MaxRateNsPerSecond);
            Cut(polygon, o);
            return polygon;
        }

        public void Cut(OffsetPolygon polygon, SyncObservation o)
        {
            var low = o.RemoteNs - o.AfterNs - BaseOffsetNs - SlackNs;
            var high = o.RemoteNs + o.ResolutionNs - o.BeforeNs - BaseOffsetNs + SlackNs;
            polygon.Cut(TimeOf(o.MiddleNs), low, high);
        }
    }
}
