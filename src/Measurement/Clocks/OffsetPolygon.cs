namespace MeterLab.Measurement.Clocks;

/// <summary>
/// The set of straight clocks, offset + rate x time, that agree with every bracketed reading so far: a convex polygon, cut
/// smaller by each reading (Moon, Skelly, Towsley 1999; Zhang, Liu, Xia 2002). Offsets in ns, time in s from a reference,
/// rate in ns/s. Needs no assumption about the link; empty means that no straight clock fits.
/// </summary>
internal sealed class OffsetPolygon
{
    private List<(double Offset, double Rate)> _corners;
    private List<(double Offset, double Rate)> _spare = [];

    /// <summary>All clocks whose offset at the reference is within <paramref name="offset"/> ns and whose rate within <paramref name="rate"/> ns/s.</summary>
    public OffsetPolygon(double centre, double offset, double rate) => _corners =
    [
        (centre - offset, -rate), (centre + offset, -rate), (centre + offset, rate), (centre - offset, rate),
    ];

    private OffsetPolygon(List<(double Offset, double Rate)> corners) => _corners = corners;

    /// <summary>Whether no straight clock is left.</summary>
    public bool IsEmpty => _corners.Count == 0;

    /// <summary>A copy to try a further reading on.</summary>
    public OffsetPolygon Copy() => new([.. _corners]);

    /// <summary>Keeps the clocks whose offset at <paramref name="time"/> (s) lies in [low, high] ns.</summary>
    public void Cut(double time, double low, double high)
    {
        // offset + rate x time <= high, and >= low.
        CutHalfPlane(time, high, 1);
        CutHalfPlane(time, low, -1);
    }

    /// <summary>Keeps the clocks whose rate lies in [low, high] ns/s.</summary>
    public void CutRate(double low, double high)
    {
        Clip(corner => corner.Rate - high);
        Clip(corner => low - corner.Rate);
    }

    /// <summary>The smallest and largest offset at a time (s), ns: hard bounds.</summary>
    public (double Low, double High) At(double time)
    {
        var low = double.PositiveInfinity;
        var high = double.NegativeInfinity;
        foreach (var (offset, rate) in _corners)
        {
            var value = offset + rate * time;
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        return (low, high);
    }

    /// <summary>The smallest and largest rate, ns/s.</summary>
    public (double Low, double High) Rates() => (_corners.Min(c => c.Rate), _corners.Max(c => c.Rate));

    /// <summary>Whether a clock lies inside, with this much room (ns) at every reading already built into the cuts.</summary>
    public bool Contains(double offset, double rate)
    {
        // Corners run counter-clockwise, with the offset as abscissa: inside is to the left of every edge.
        for (var i = 0; i < _corners.Count; i++)
        {
            var a = _corners[i];
            var b = _corners[(i + 1) % _corners.Count];
            if ((b.Offset - a.Offset) * (rate - a.Rate) - (b.Rate - a.Rate) * (offset - a.Offset) < 0)
                return false;
        }

        return _corners.Count > 0;
    }

    /// <summary>The centre of area: the clock to take where nothing better is known.</summary>
    public (double Offset, double Rate) Centroid()
    {
        double area = 0, offset = 0, rate = 0;
        var origin = _corners[0];
        for (var i = 1; i + 1 < _corners.Count; i++)
        {
            var (o1, r1) = (_corners[i].Offset - origin.Offset, _corners[i].Rate - origin.Rate);
            var (o2, r2) = (_corners[i + 1].Offset - origin.Offset, _corners[i + 1].Rate - origin.Rate);
            var cross = o1 * r2 - o2 * r1;
            area += cross;
            offset += cross * (o1 + o2) / 3;
            rate += cross * (r1 + r2) / 3;
        }

        return Math.Abs(area) < 1e-30
            ? (_corners.Average(c => c.Offset), _corners.Average(c => c.Rate))
            : (origin.Offset + offset / area, origin.Rate + rate / area);
    }

    private void CutHalfPlane(double time, double limit, int sign) =>
        Clip(corner => sign * (corner.Offset + corner.Rate * time - limit));

    // Sutherland and Hodgman's clipping: what is kept is where this is not positive.
    private void Clip(Func<(double Offset, double Rate), double> outside)
    {
        _spare.Clear();
        for (var i = 0; i < _corners.Count; i++)
        {
            var a = _corners[i];
            var b = _corners[(i + 1) % _corners.Count];
            var da = outside(a);
            var db = outside(b);
            if (da <= 0)
                _spare.Add(a);
            if ((da < 0 && db > 0) || (da > 0 && db < 0))
            {
                var share = da / (da - db);
                _spare.Add((a.Offset + share * (b.Offset - a.Offset), a.Rate + share * (b.Rate - a.Rate)));
            }
        }

        (_corners, _spare) = (_spare, _corners);
    }
}
