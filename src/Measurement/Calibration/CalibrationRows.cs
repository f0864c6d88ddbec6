namespace MeterLab.Measurement.Calibration;

/// <summary>The runs of a fit as columns of numbers.</summary>
internal sealed class CalibrationRows
{
    private CalibrationRows(int count, int terms, int clusters)
    {
        Columns = new double[terms][];
        for (var j = 0; j < terms; j++)
            Columns[j] = new double[count];
        (Meter, MeterVariance, EstimateVariance, Count) = (new double[count], new double[count], new double[count], new double[count]);
        Cluster = new int[count];
        Clusters = clusters;
    }

    /// <summary>Of the coefficients: the estimate, the duration, further ones.</summary>
    public double[][] Columns { get; }

    /// <summary>J.</summary>
    public double[] Meter { get; }

    /// <summary>J².</summary>
    public double[] MeterVariance { get; }

    /// <summary>J².</summary>
    public double[] EstimateVariance { get; }

    /// <summary>J.</summary>
    public double[] Count { get; }

    /// <summary>Number of each row's cluster, from 0.</summary>
    public int[] Cluster { get; }

    /// <summary>How many clusters.</summary>
    public int Clusters { get; }

    /// <summary>How many rows.</summary>
    public int Rows => Meter.Length;

    /// <summary>How many coefficients.</summary>
    public int Terms => Columns.Length;

    /// <summary>Takes the runs. Throws where one is not usable.</summary>
    public static CalibrationRows Of(IReadOnlyList<CalibrationRun> runs, bool gainOnly)
    {
        var further = runs.Count == 0 ? 0 : runs[0].Further.Count;
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var run in runs)
            numbers.TryAdd(run.Cluster, numbers.Count);
        var rows = new CalibrationRows(runs.Count, gainOnly ? 1 : 2 + further, numbers.Count);
        for (var i = 0; i < runs.Count; i++)
        {
            Check(runs[i], further);
            rows.Columns[0][i] = runs[i].EstimateJ;
            for (var j = 1; j < rows.Terms; j++)
                rows.Columns[j][i] = j == 1 ? runs[i].DurationS : runs[i].Further[j - 2];
            rows.Meter[i] = runs[i].MeterJ;
            rows.MeterVariance[i] = runs[i].MeterStandardJ * runs[i].MeterStandardJ;
            rows.EstimateVariance[i] = runs[i].EstimateStandardJ * runs[i].EstimateStandardJ;
            rows.Count[i] = runs[i].CountJ;
            rows.Cluster[i] = numbers[runs[i].Cluster];
        }

        return rows;
    }

    /// <summary>The law's energy of a row, J.</summary>
    public double At(double[] coefficients, int row)
    {
        var sum = 0.0;
        for (var j = 0; j < coefficients.Length; j++)
            sum += coefficients[j] * Columns[j][row];
        return sum;
    }

    private static void Check(CalibrationRun run, int further)
    {
        if (!double.IsFinite(run.EstimateJ) || !(run.DurationS > 0) || !(run.MeterJ > 0) || run.Further.Count != further
            || !(run.MeterStandardJ >= 0) || !(run.EstimateStandardJ >= 0) || !(run.CountJ >= 0)
            || !double.IsFinite(run.DurationS + run.MeterJ + run.MeterStandardJ + run.EstimateStandardJ + run.CountJ + run.Further.Sum()))
        {
            throw new ArgumentException(
                "A run for a calibration has a finite estimate, a duration and a meter energy above 0, uncertainties of 0 or more, and as many further columns as the others.", nameof(run));
        }
    }
}
