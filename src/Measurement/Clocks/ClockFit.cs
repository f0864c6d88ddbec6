namespace MeterLab.Measurement.Clocks;

/// <summary>
/// Fits a remote clock to bracketed readings. Hard bounds come from the polygon of all straight clocks that agree with every
/// bracket; the best estimate is a weighted line through the quickest reading of each group (Cristian 1989; NTP's clock filter,
/// RFC 5905), taken only where it lies within the bounds. Averaging does not remove the link's asymmetry, so the bounds' half
/// width stays in the uncertainty as a rectangular part.
/// </summary>
public static class ClockFit
{
    // With readings from one moment alone nothing bounds the rate: a crystal that a time service slews keeps within this (rectangular).
    private const double PriorRateNsPerSecond = 1_000_000;

    // Crystals wander with temperature by parts in 1e8 to 1e7 over minutes; no rate is known better.
    private const double RateFloorNsPerSecond = 30;

    // Below this it is a bend (a time service slewing, a warming crystal), not a jump.
    private const double LeastStepNs = 200_000;

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
        var pieces = ClockPieces.Split(ordered);
        var segments = pieces.Select(piece => FitPiece(ordered.AsSpan(piece.Start, piece.Count), remote)).ToList();
        var steps = new List<ClockStep>();
        for (var i = 1; i < pieces.Count; i++)
        {
            if (StepBetween(segments[i - 1], segments[i], pieces[i], ordered) is { } step)
            {
                steps.Add(step);
                continue;
            }

            // No jump, only a bend: the pieces meet between the two probes.
            var meeting = Meeting(segments[i - 1], segments[i], ordered[pieces[i].Start - 1], ordered[pieces[i].Start]);
            segments[i - 1] = segments[i - 1] with { ValidToNs = meeting };
            segments[i] = segments[i] with { ValidFromNs = meeting + 1 };
        }

        return new ClockFitResult
        {
            Segments = segments,
            Steps = steps,
            MinRoundTripNs = ordered.Min(o => o.RoundTripNs),
            Probes = ordered.Length,
        };
    }

    private static ClockMap FitPiece(ReadOnlySpan<SyncObservation> piece, ClockId remote)
    {
        var frame = new ClockFrame(piece[0]);
        var polygon = frame.NewPolygon();
        foreach (var observation in piece)
            frame.Cut(polygon, observation);
        var line = ClockLine.Through(piece, frame);
        var bounds = line is null ? Usual(polygon) : polygon;
        var middle = frame.TimeOf(piece[0].MiddleNs + (piece[^1].MiddleNs - piece[0].MiddleNs) / 2);
        var centre = line?.Time ?? middle;
        if (line is not { } best || !polygon.Contains(best.Offset - best.Rate * best.Time, best.Rate))
        {
            // Nothing says where between the bounds the clock is; the middle of what they leave is the least wrong.
            var (atStart, slope) = bounds.Centroid();
            best = new ClockLine(centre, atStart + slope * centre, slope, double.PositiveInfinity);
        }

        // The truth may lie anywhere within the bounds: the farther of the two counts.
        var (low, high) = bounds.At(centre);
        var (rateLow, rateHigh) = bounds.Rates();
        var uOffset = Math.Max(high - best.Offset, best.Offset - low) / Math.Sqrt(3);
        var hardRate = Math.Max(rateHigh - best.Rate, best.Rate - rateLow) / Math.Sqrt(3);
        var uRate = Math.Sqrt(Math.Pow(Math.Min(hardRate, best.RateUncertainty), 2) + RateFloorNsPerSecond * RateFloorNsPerSecond);
        var whole = (long)Math.Floor(best.Offset);
        return new ClockMap
        {
            From = ClockId.HostMonotonic,
            To = remote,
            ReferenceNs = frame.ReferenceNs + (long)Math.Round(centre * 1e9),
            OffsetNs = frame.BaseOffsetNs + whole,
            OffsetFractionNs = best.Offset - whole,
            Rate = best.Rate * 1e-9,
            OffsetUncertaintyNs = uOffset,
            RateUncertainty = uRate * 1e-9,
            ValidFromNs = piece[0].BeforeNs,
            ValidToNs = piece[^1].AfterNs,
        };
    }

    // The part of the bounds in which clocks usually are; all of it where they exclude that.
    private static OffsetPolygon Usual(OffsetPolygon polygon)
    {
        var usual = polygon.Copy();
        usual.CutRate(-PriorRateNsPerSecond, PriorRateNsPerSecond);
        return usual.IsEmpty ? polygon : usual;
    }

    private static ClockStep? StepBetween(ClockMap before, ClockMap after, ClockPiece piece, SyncObservation[] ordered)
    {
        // A step leaves the rate alone: where both sides allow the same one, the side that knows it better speaks for both.
        if (piece.Stepped)
        {
            var (rate, uncertainty) = before.RateUncertainty < after.RateUncertainty ? (before.Rate, before.RateUncertainty) : (after.Rate, after.RateUncertainty);
            before = before with { Rate = rate, RateUncertainty = uncertainty };
            after = after with { Rate = rate, RateUncertainty = uncertainty };
        }

        double Variance(ClockMap map, long ns) =>
            map.OffsetUncertaintyNs * map.OffsetUncertaintyNs + Math.Pow((ns - map.ReferenceNs) * map.RateUncertainty, 2);

        var (last, first) = (ordered[piece.Start - 1], ordered[piece.Start]);
        var middle = last.MiddleNs + (first.MiddleNs - last.MiddleNs) / 2;
        var size = Gap(before, after, middle);
        // Where the two meet between the probes, a bend alone explains it.
        var least = Gap(before, after, last.MiddleNs) * Gap(before, after, first.MiddleNs) <= 0
            ? 0
            : Math.Min(Math.Abs(Gap(before, after, last.MiddleNs)), Math.Abs(Gap(before, after, first.MiddleNs)));
        var u = Math.Sqrt(Variance(before, middle) + Variance(after, middle));
        return least > Math.Max(3 * u, LeastStepNs)
            ? new ClockStep(ordered[piece.EarliestStart - 1].BeforeNs, ordered[piece.LatestStart].AfterNs, size, u)
            : null;
    }

    private static long Meeting(ClockMap before, ClockMap after, SyncObservation last, SyncObservation first)
    {
        var (from, to) = (Gap(before, after, last.MiddleNs), Gap(before, after, first.MiddleNs));
        var share = from * to < 0 ? from / (from - to) : 0.5;
        return last.MiddleNs + (long)(share * (first.MiddleNs - last.MiddleNs));
    }

    // The later piece's offset over the earlier one's at a moment, ns.
    private static double Gap(ClockMap before, ClockMap after, long ns) =>
        after.OffsetNs - before.OffsetNs + (after.OffsetFractionNs - before.OffsetFractionNs)
        + after.Rate * (ns - after.ReferenceNs) - before.Rate * (ns - before.ReferenceNs);
}
