namespace MeterLab.Measurement.Lag;

/// <summary>A binary load as it was really played: its edges on the lab's line.</summary>
public sealed class LoadPattern
{
    private readonly long[] _edgeNs;
    private readonly bool[] _on;
    private readonly double[] _integral;

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
        _integral = new double[_edgeNs.Length];
        for (var i = 1; i < _edgeNs.Length; i++)
        {
            if (_edgeNs[i] <= _edgeNs[i - 1])
                throw new ArgumentException("A pattern's edges must increase in time.", nameof(edgeNs));
            _integral[i] = _integral[i - 1] + (_on[i - 1] ? (_edgeNs[i] - _edgeNs[i - 1]) * 1e-9 : 0);
        }
    }

    /// <summary>The first edge, ns.</summary>
    public long StartNs => _edgeNs[0];

    /// <summary>The last edge, ns.</summary>
    public long EndNs => _edgeNs[^1];

    /// <summary>How many edges.</summary>
    public int Edges => _edgeNs.Length;

    /// <summary>The same pattern's times with other levels: what a meter would show if it had seen something else.</summary>
    public LoadPattern WithLevels(IReadOnlyList<bool> on) => new(_edgeNs, on);

    /// <summary>The levels after each edge.</summary>
    public IReadOnlyList<bool> Levels => _on;

    /// <summary>Seconds of load before a moment (ns), from <paramref name="hint"/> on, which walks along for moments that increase.</summary>
    internal double SecondsBefore(double ns, ref int hint)
    {
        if (ns <= _edgeNs[0])
        {
            hint = 0;
            return 0;
        }

        while (hint + 1 < _edgeNs.Length && _edgeNs[hint + 1] <= ns)
            hint++;
        while (hint > 0 && _edgeNs[hint] > ns)
            hint--;
        return _integral[hint] + (_on[hint] ? (ns - _edgeNs[hint]) * 1e-9 : 0);
    }

    /// <summary>The output of a first-order filter of time constant <paramref name="tau"/> (s) fed with this load, at increasing moments (ns).</summary>
    internal void Filter(ReadOnlySpan<double> atNs, double tau, Span<double> output)
    {
        var edge = 0;
        double state = 0;
        double from = _edgeNs[0];
        var level = 0.0;
        for (var i = 0; i < atNs.Length; i++)
        {
            while (edge < _edgeNs.Length && _edgeNs[edge] <= atNs[i])
            {
                state = level + (state - level) * Math.Exp(-(_edgeNs[edge] - from) * 1e-9 / tau);
                from = _edgeNs[edge];
                level = _on[edge] ? 1 : 0;
                edge++;
            }

            output[i] = atNs[i] <= _edgeNs[0] ? 0 : level + (state - level) * Math.Exp(-(atNs[i] - from) * 1e-9 / tau);
        }
    }
}
