namespace MeterLab.Measurement.Clocks;

/// <summary>
/// The lab's line against UTC and against the raw crystal, by anchors. Between anchors it interpolates; beyond the first and
/// last it goes on at rate one (anchors are taken at both ends of everything that is recorded).
/// </summary>
public sealed class HostTimeLine
{
    // Linux slews CLOCK_MONOTONIC and UTC together, so their difference changes by steps alone; this is room for a
    // reading that was preempted inside its bracket.
    private const long StepFloorNs = 100_000;

    private readonly HostAnchor[] _anchors;

    /// <summary>Needs at least one anchor, otherwise <see cref="ArgumentException"/>.</summary>
    public HostTimeLine(IEnumerable<HostAnchor> anchors)
    {
        _anchors = [.. anchors.OrderBy(a => a.MonotonicNs)];
        if (_anchors.Length == 0)
            throw new ArgumentException("A time line needs at least one anchor.", nameof(anchors));
    }

    /// <summary>The anchors in order.</summary>
    public IReadOnlyList<HostAnchor> Anchors => _anchors;

    /// <summary>UTC, ns since 1970, at a moment of the line.</summary>
    public long ToUtcNs(long lineNs) => lineNs + Interpolate(lineNs, a => a.UtcNs - a.MonotonicNs);

    /// <summary>The line at a moment of UTC (ns since 1970).</summary>
    public long FromUtcNs(long utcNs)
    {
        // The offset changes by far less than a second between neighbouring anchors: two rounds settle it.
        var line = utcNs - (_anchors[0].UtcNs - _anchors[0].MonotonicNs);
        for (var i = 0; i < 3; i++)
            line = utcNs - Interpolate(line, a => a.UtcNs - a.MonotonicNs);
        return line;
    }

    /// <summary>
    /// Raw seconds in one second of the line over a stretch: joules use it, because a time service slews CLOCK_MONOTONIC but not the crystal.
    /// 1 where the anchors are too close together to tell.
    /// </summary>
    public double RawRate(long fromNs, long toNs)
    {
        var first = _anchors.LastOrDefault(a => a.MonotonicNs <= fromNs, _anchors[0]);
        var last = _anchors.FirstOrDefault(a => a.MonotonicNs >= toNs, _anchors[^1]);
        var line = last.MonotonicNs - first.MonotonicNs;
        return line < 1_000_000_000 ? 1 : (double)(last.RawNs - first.RawNs) / line;
    }

    /// <summary>Steps of the lab host's UTC: pairs of anchors between which it moved against the line. They move no sample.</summary>
    public IReadOnlyList<ClockStep> UtcSteps()
    {
        var steps = new List<ClockStep>();
        for (var i = 1; i < _anchors.Length; i++)
        {
            var (a, b) = (_anchors[i - 1], _anchors[i]);
            var change = b.UtcNs - b.MonotonicNs - (a.UtcNs - a.MonotonicNs);
            var brackets = b.MonotonicAfterNs - b.MonotonicBeforeNs + a.MonotonicAfterNs - a.MonotonicBeforeNs;
            if (Math.Abs(change) > StepFloorNs + brackets)
                steps.Add(new ClockStep(a.MonotonicNs, b.MonotonicNs, change, brackets / Math.Sqrt(12)));
        }

        return steps;
    }

    private long Interpolate(long lineNs, Func<HostAnchor, long> offset)
    {
        if (lineNs <= _anchors[0].MonotonicNs)
            return offset(_anchors[0]);
        for (var i = 1; i < _anchors.Length; i++)
        {
            if (lineNs > _anchors[i].MonotonicNs)
                continue;
            var (a, b) = (_anchors[i - 1], _anchors[i]);
            var share = (double)(lineNs - a.MonotonicNs) / (b.MonotonicNs - a.MonotonicNs);
            return offset(a) + (long)Math.Round(share * (offset(b) - offset(a)));
        }

        return offset(_anchors[^1]);
    }
}
