using MathNet.Numerics.Distributions;

namespace MeterLab.Measurement.Clocks;

/// <summary>A straight clock: offset (ns) at a time (s), rate (ns/s) and the rate's standard uncertainty (ns/s), widened for few groups.</summary>
internal readonly record struct ClockLine(double Time, double Offset, double Rate, double RateUncertainty)
{
    // Probes of one burst follow each other at once; between bursts there is a pause.
    private const long GroupGapNs = 40_000_000;
    private const int GroupSize = 8;
    private const int LeastGroups = 3;
    private const double LeastJitterNs = 1_000;

    /// <summary>
    /// The weighted line through the quickest reading of each group; null where there are too few groups, or where readings are so
    /// coarse that truncation and not the link decides.
    /// </summary>
    public static ClockLine? Through(ReadOnlySpan<SyncObservation> piece, ClockFrame frame)
    {
        var quickest = QuickestOfEachGroup(piece);
        var trips = quickest.Select(o => o.RoundTripNs).Order().ToArray();
        if (quickest.Count < LeastGroups || quickest.Max(o => o.ResolutionNs) > trips[trips.Length / 2])
            return null;
        // How far the quickest reading itself may be from the link's shortest trip shows in how thinly the next ones follow; and no
        // line may hang on the few quickest of many.
        var jitter = Math.Max(LeastJitterNs, (trips[Math.Max(2, trips.Length / 6)] - trips[0]) / 2.0 / Math.Sqrt(3));
        var weights = quickest.Select(o => Weight(o, trips[0], jitter)).ToArray();
        return Solve(quickest, weights, frame);
    }

    // A reading slower than the quickest may be off by half of what it was slower by, either way.
    private static double Weight(SyncObservation o, long shortest, double jitter)
    {
        var excess = (o.RoundTripNs - shortest) / 2.0;
        return 1 / (jitter * jitter + excess * excess / 3 + o.ResolutionNs * (double)o.ResolutionNs / 12);
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

    private static ClockLine? Solve(List<SyncObservation> points, double[] weights, ClockFrame frame)
    {
        double sw = 0, sww = 0, sx = 0, sy = 0;
        for (var i = 0; i < points.Count; i++)
        {
            sw += weights[i];
            sww += weights[i] * weights[i];
            sx += weights[i] * frame.TimeOf(points[i].MiddleNs);
            sy += weights[i] * frame.OffsetOf(points[i]);
        }

        double meanX = sx / sw, meanY = sy / sw, sxx = 0, sxy = 0, syy = 0;
        for (var i = 0; i < points.Count; i++)
        {
            var dx = frame.TimeOf(points[i].MiddleNs) - meanX;
            var dy = frame.OffsetOf(points[i]) - meanY;
            sxx += weights[i] * dx * dx;
            sxy += weights[i] * dx * dy;
            syy += weights[i] * dy * dy;
        }

        if (sxx <= 0)
            return null;
        // What was slower may be off by that much: the weights are honest already, and residuals may only widen them (Birge's ratio).
        // Few groups that weigh anything (Kish's count) show that poorly (Student's t against the normal, at 95 %).
        var ratio = Math.Max(1, (syy - sxy * sxy / sxx) / (points.Count - 2));
        var freedom = Math.Max(1, sw * sw / sww - 2);
        var widen = StudentT.InvCDF(0, 1, freedom, 0.975) / 1.96;
        return new ClockLine(meanX, meanY, sxy / sxx, widen * Math.Sqrt(ratio / sxx));
    }
}
