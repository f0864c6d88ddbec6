namespace MeterLab.Measurement.Clocks;

/// <summary>A stretch of readings that one straight clock explains.</summary>
/// <param name="Start">Index of its first reading.</param>
/// <param name="Count">How many.</param>
internal sealed record ClockPiece(int Start, int Count)
{
    /// <summary>Whether a step at its start explains the break, with one rate on both sides.</summary>
    public bool Stepped { get; init; }

    /// <summary>The earliest index at which it may begin: the readings do not always tell to one.</summary>
    public int EarliestStart { get; init; } = Start;

    /// <summary>The latest.</summary>
    public int LatestStart { get; init; } = Start;
}

/// <summary>
/// Cuts readings into straight pieces. An empty polygon says that no straight clock explains the readings so far, but it may say so
/// late: after few readings almost any rate is possible. So the place of each cut is looked for among all that leave both sides
/// possible, first where both allow the same rate (a step), otherwise anywhere (a bend).
/// </summary>
internal static class ClockPieces
{
    /// <summary>Cuts; the readings are in order.</summary>
    public static List<ClockPiece> Split(SyncObservation[] ordered)
    {
        var starts = Breaks(ordered);
        var pieces = new List<ClockPiece>(starts.Count);
        for (var i = 0; i < starts.Count; i++)
        {
            var end = i + 1 < starts.Count ? starts[i + 1] : ordered.Length;
            if (i == 0)
            {
                pieces.Add(new ClockPiece(0, end));
                continue;
            }

            var before = pieces[^1];
            var piece = Refine(ordered, before.Start, starts[i], end);
            pieces[^1] = before with { Count = piece.Start - before.Start };
            pieces.Add(piece);
        }

        return pieces;
    }

    private static List<int> Breaks(SyncObservation[] ordered)
    {
        var starts = new List<int> { 0 };
        var frame = new ClockFrame(ordered[0]);
        var polygon = frame.NewPolygon();
        for (var i = 1; i < ordered.Length; i++)
        {
            frame.Cut(polygon, ordered[i]);
            if (!polygon.IsEmpty)
                continue;
            starts.Add(i);
            frame = new ClockFrame(ordered[i]);
            polygon = frame.NewPolygon();
        }

        return starts;
    }

    // The piece that follows the one from `start`, was found broken at `found`, and goes on to `end`.
    private static ClockPiece Refine(SyncObservation[] ordered, int start, int found, int end)
    {
        var before = RatesForward(ordered, start, found);
        var after = RatesBackward(ordered, start, found, end);
        // The readings from here on may belong to the later piece.
        var earliest = found + 1 - after.Count;
        var residuals = new SplitResiduals(ordered.AsSpan(start, end - start));
        var same = Enumerable.Range(earliest, after.Count)
            .Where(at => Overlap(before[at - start - 1], after[found - at])).ToList();
        if (same.Count > 0)
        {
            var best = same.MinBy(at => residuals.OneRate(at - start));
            return new ClockPiece(best, end - best) { Stepped = true, EarliestStart = same[0], LatestStart = same[^1] };
        }

        var bend = Enumerable.Range(earliest, after.Count).MinBy(at => residuals.TwoRates(at - start));
        return new ClockPiece(bend, end - bend);
    }

    // The possible rates of [start, i] for each i before `found`.
    private static List<(double Low, double High)> RatesForward(SyncObservation[] ordered, int start, int found)
    {
        var rates = new List<(double, double)>(found - start);
        var frame = new ClockFrame(ordered[start]);
        var polygon = frame.NewPolygon();
        for (var i = start; i < found; i++)
        {
            frame.Cut(polygon, ordered[i]);
            rates.Add(polygon.Rates());
        }

        return rates;
    }

    // The possible rates of [i, end) for i = found, found - 1 … as long as there are any.
    private static List<(double Low, double High)> RatesBackward(SyncObservation[] ordered, int start, int found, int end)
    {
        var rates = new List<(double, double)>();
        var frame = new ClockFrame(ordered[found]);
        var polygon = frame.NewPolygon();
        for (var i = end - 1; i > start; i--)
        {
            frame.Cut(polygon, ordered[i]);
            if (polygon.IsEmpty)
                break;
            if (i <= found)
                rates.Add(polygon.Rates());
        }

        return rates;
    }

    private static bool Overlap((double Low, double High) a, (double Low, double High) b) => a.Low <= b.High && b.Low <= a.High;
}
