namespace MeterLab.Measurement.Lag;

/// <summary>A binary load as it was really played: its edges on the lab's line.</summary>
public sealed class LoadPattern
{
    private readonly long[] _edgeNs;
    private readonly bool[] _on;

    /// <summary>
    /// Takes the edges in order of time: from <paramref name="edgeNs"/>[i] on, the load is <paramref name="on"/>[i]. Before the first it is off.
    /// Throws <see cref="ArgumentException"/> where times do not increase or there are fewer than two edges.
    /// </summary>
    public LoadPattern(IReadOnlyList<long> edgeNs, IReadOnlyList<bool> on)
    {
        ArgumentNullException.ThrowIfNull(edgeNs);
        ArgumentNullException.ThrowIfNull(on);
        if (edgeNs.Count != on.Count || edgeNs.Count < 2)
            throw new ArgumentException("A pattern needs a level for each of at least two edges.", nameof(on));
        _edgeNs = [.. edgeNs];
        _on = [.. on];
        for (var i = 1; i < _edgeNs.Length; i++)
        {
            if (_edgeNs[i] <= _edgeNs[i - 1])
                throw new ArgumentException("A pattern's edges must increase in time.", nameof(edgeNs));
        }
    }

    /// <summary>The first edge, ns.</summary>
    public long StartNs => _edgeNs[0];

    /// <summary>The last edge, ns.</summary>
    public long EndNs => _edgeNs[^1];

    /// <summary>How many edges.</summary>
    public int Edges => _edgeNs.Length;

    /// <summary>The edges, ns.</summary>
    public ReadOnlySpan<long> EdgeNs => _edgeNs;

    /// <summary>The levels after each edge.</summary>
    public IReadOnlyList<bool> Levels => _on;

    /// <summary>The shortest time between two changes of level, s: what tells one lag from another.</summary>
    internal double ShortestLevelSeconds
    {
        get
        {
            var shortest = long.MaxValue;
            var changed = 0;
            for (var i = 1; i < _edgeNs.Length; i++)
            {
                if (_on[i] == _on[i - 1])
                    continue;
                // The first level of a pattern may be off, which is no change.
                if (changed > 0 || _on[0])
                    shortest = Math.Min(shortest, _edgeNs[i] - _edgeNs[changed]);
                changed = i;
            }

            return (shortest == long.MaxValue ? EndNs - StartNs : shortest) * 1e-9;
        }
    }
}
