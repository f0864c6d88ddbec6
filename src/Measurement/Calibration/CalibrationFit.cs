namespace MeterLab.Measurement.Calibration;

/// <summary>
/// Fits a calibration and judges it on clusters that it has not seen.
/// </summary>
public sealed record CalibrationFit
{
    // Rows x clusters up to which every left-out fit is solved anew; beyond, one step of scoring leads to it.
    private const long MostWork = 400_000;

    private CalibrationFit()
    {
    }

    /// <summary>The law, fitted to all runs.</summary>
    public required CalibrationLaw Law { get; init; }

    /// <summary>
    /// For every run, in their order, the error in percent of the meter's figure when its cluster is left out of the fit; null where the
    /// other clusters do not determine a law.
    /// </summary>
    public IReadOnlyList<double>? LeftOutErrorsPct { get; init; }

    /// <summary>For every run the residual of the law that did not know it, in counts of the meter; null without errors or without a count.</summary>
    public IReadOnlyList<double>? LeftOutCounts { get; init; }

    /// <summary>A cluster without which the others determine nothing; null where there is none.</summary>
    public string? Indispensable { get; init; }

    /// <summary>
    /// Fits; null where the runs do not determine the law: fewer than the coefficients, or estimate and duration in one proportion.
    /// Throws where a run is not usable.
    /// </summary>
    public static CalibrationFit? TryFit(IReadOnlyList<CalibrationRun> runs, CalibrationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(runs);
        options ??= new CalibrationOptions();
        var rows = CalibrationRows.Of(runs, options.GainOnly);
        if (rows.Rows < Math.Max(2, rows.Terms))
            return null;
        var solver = new CalibrationSolver(rows, options.Prior);
        if (!solver.TrySolve())
            return null;
        var leftOut = LeftOut(rows, solver);
        var law = Describe(rows, solver, leftOut, options, runs);
        var missing = Array.FindIndex(leftOut, coefficients => coefficients is null);
        var judged = missing < 0 && rows.Clusters > 1;
        return new CalibrationFit
        {
            Law = law,
            LeftOutErrorsPct = judged ? Errors(rows, leftOut!) : null,
            LeftOutCounts = judged && rows.Count.All(count => count > 0) ? Counts(rows, leftOut!) : null,
            Indispensable = judged ? null : runs[Array.IndexOf(rows.Cluster, Math.Max(missing, 0))].Cluster,
        };
    }

    private static double[]?[] LeftOut(CalibrationRows rows, CalibrationSolver solver)
    {
        var leftOut = new double[]?[rows.Clusters];
        if (rows.Clusters < 2)
            return leftOut;
        solver.Refresh(-1);
        if ((long)rows.Rows * rows.Clusters <= MostWork)
        {
            for (var g = 0; g < rows.Clusters; g++)
                leftOut[g] = solver.Without(g);
            return leftOut;
        }

        var shares = solver.ByCluster();
        for (var g = 0; g < rows.Clusters; g++)
            leftOut[g] = OneStep(solver, shares[g].Pull, shares[g].Information);
        return leftOut;
    }

    private static double[]? OneStep(CalibrationSolver solver, double[] pull, double[,] information)
    {
        var rest = (double[,])solver.Information.Clone();
        for (var j = 0; j < pull.Length; j++)
        {
            for (var k = 0; k < pull.Length; k++)
                rest[j, k] -= information[j, k];
        }

        if (SymmetricSystem.TryInvert(rest) is not { } inverse)
            return null;
        var step = SymmetricSystem.Multiply(inverse, pull);
        return [.. solver.Coefficients.Select((value, j) => value - step[j])];
    }

    private static CalibrationLaw Describe(
        CalibrationRows rows, CalibrationSolver solver, double[]?[] leftOut, CalibrationOptions options, IReadOnlyList<CalibrationRun> runs)
    {
        var whole = Array.TrueForAll(leftOut, coefficients => coefficients is not null) ? leftOut : null;
        solver.Refresh(-1);
        var (covariance, k) = CoefficientSpread.Of(rows, solver, whole!);

        // The meter's gain moves all coefficients together.
        for (var j = 0; j < rows.Terms; j++)
        {
            for (var m = 0; m < rows.Terms; m++)
                covariance[j, m] += options.MeterGainRelative * options.MeterGainRelative * solver.Coefficients[j] * solver.Coefficients[m];
        }

        var powers = runs.Select(run => run.EstimateJ / run.DurationS).ToArray();
        return new CalibrationLaw
        {
            Coefficients = solver.Coefficients,
            Covariance = covariance,
            K = k,
            RelativeScatter = solver.Scatter,
            ConditionNumber = SymmetricSystem.ConditionNumber(solver.Information),
            Runs = rows.Rows,
            Clusters = rows.Clusters,
            EstimateW = (powers.Min(), powers.Max()),
            DurationS = (runs.Min(run => run.DurationS), runs.Max(run => run.DurationS)),
        };
    }

    private static double[] Errors(CalibrationRows rows, double[][] leftOut) =>
        [.. Enumerable.Range(0, rows.Rows).Select(i => (rows.At(leftOut[rows.Cluster[i]], i) - rows.Meter[i]) / rows.Meter[i] * 100)];

    private static double[] Counts(CalibrationRows rows, double[][] leftOut) =>
        [.. Enumerable.Range(0, rows.Rows).Select(i => (rows.At(leftOut[rows.Cluster[i]], i) - rows.Meter[i]) / rows.Count[i])];
}
