namespace MeterLab.Orchestrator.Reports;

/// <summary>Makes a long series short enough to draw: of every column of a picture its lowest and highest value stay.</summary>
public static class TraceEnvelope
{
    /// <summary>Columns that a full-width picture can show.</summary>
    public const int DefaultColumns = 700;

    /// <summary>
    /// Keeps at most three points a column of equal width in time: lowest and highest, in the order in which they came, and a
    /// NaN where the column had one. A series that is short enough comes back unchanged.
    /// </summary>
    /// <param name="timesS">Ascending.</param>
    /// <param name="values">Of the same length.</param>
    /// <param name="columns">At least 1.</param>
    public static (double[] TimesS, double[] Values) Reduce(IReadOnlyList<double> timesS, IReadOnlyList<double> values, int columns)
    {
        ArgumentNullException.ThrowIfNull(timesS);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (timesS.Count != values.Count)
            throw new ArgumentException("Times and values have the same length.", nameof(values));
        if (timesS.Count <= 2 * columns)
            return ([.. timesS], [.. values]);

        var reduced = new Points(timesS, values);
        var start = timesS[0];
        var span = Math.Max(timesS[^1] - start, double.Epsilon);
        var first = 0;
        for (var column = 0; column < columns && first < timesS.Count; column++)
        {
            var last = first;
            while (last < timesS.Count && (column == columns - 1 || (timesS[last] - start) / span * columns < column + 1))
                last++;
            reduced.AddColumn(first, last);
            first = last;
        }

        return (reduced.TimesS.ToArray(), reduced.Values.ToArray());
    }

    private sealed class Points(IReadOnlyList<double> times, IReadOnlyList<double> values)
    {
        public List<double> TimesS { get; } = [];

        public List<double> Values { get; } = [];

        public void AddColumn(int first, int last)
        {
            int low = -1, high = -1, gap = -1;
            for (var i = first; i < last; i++)
            {
                if (!double.IsFinite(values[i]))
                    gap = i;
                else if (low < 0)
                    low = high = i;
                else if (values[i] < values[low])
                    low = i;
                else if (values[i] > values[high])
                    high = i;
            }

            Span<int> kept = [low, high, gap];
            kept.Sort();
            var previous = -1;
            foreach (var i in kept)
            {
                if (i > previous)
                    Add(i);
                previous = Math.Max(previous, i);
            }
        }

        private void Add(int i)
        {
            TimesS.Add(times[i]);
            Values.Add(double.IsFinite(values[i]) ? values[i] : double.NaN);
        }
    }
}
