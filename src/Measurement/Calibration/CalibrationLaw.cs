namespace MeterLab.Measurement.Calibration;

/// <summary>
/// A fitted calibration: E_meter = gain x E_estimator + unseen power x t (+ further terms), with the uncertainty of every coefficient and the
/// ground it was fitted on.
/// </summary>
public sealed record CalibrationLaw
{
    // 0.975 quantile of t with four degrees of freedom, halved: the scatter as a standard uncertainty that k = 2 expands to 95 %.
    private const double ScatterFactor = 2.776445105 / 2;

    /// <summary>Gain, unseen power, further terms; 1, W, then each in its own unit.</summary>
    public required IReadOnlyList<double> Coefficients { get; init; }

    /// <summary>Covariance of the coefficients (k = 1), the meter's own share in it.</summary>
    public required double[,] Covariance { get; init; }

    /// <summary>Coverage factor for 95 % of the coefficients: Student's t by the number of runs and of clusters.</summary>
    public required double K { get; init; }

    /// <summary>Scatter of a run about the law beyond meter and estimator, relative: the scale of a t with four degrees of freedom.</summary>
    public required double RelativeScatter { get; init; }

    /// <summary>Condition number of the columns, each scaled to unit length.</summary>
    public required double ConditionNumber { get; init; }

    /// <summary>How many runs.</summary>
    public required int Runs { get; init; }

    /// <summary>How many clusters.</summary>
    public required int Clusters { get; init; }

    /// <summary>Lowest and highest mean power, as the estimator sees it, W.</summary>
    public required (double Low, double High) EstimateW { get; init; }

    /// <summary>Shortest and longest run, s.</summary>
    public required (double Low, double High) DurationS { get; init; }

    /// <summary>How often the meter's figure is this many times the estimator's.</summary>
    public double Gain => Coefficients[0];

    /// <summary>The constant power that the estimator does not see, W; 0 where the model has no such term.</summary>
    public double UnseenW => Coefficients.Count > 1 ? Coefficients[1] : 0;

    /// <summary>Expanded uncertainty (95 %) of a coefficient.</summary>
    public double Uncertainty(int coefficient) => K * Math.Sqrt(Covariance[coefficient, coefficient]);

    /// <summary>The energy that the law gives for a run, J.</summary>
    public double At(double estimateJ, double durationS, params ReadOnlySpan<double> further)
    {
        var sum = Gain * estimateJ + UnseenW * durationS;
        for (var i = 0; i < further.Length; i++)
            sum += Coefficients[i + 2] * further[i];
        return sum;
    }

    /// <summary>Expanded uncertainty (95 %, <see cref="K"/>) of the law itself at a run, J: what more runs of this kind converge to.</summary>
    public double LawUncertainty(double estimateJ, double durationS, params ReadOnlySpan<double> further) =>
        K * Math.Sqrt(LawVariance(estimateJ, durationS, further));

    /// <summary>
    /// Expanded uncertainty (95 %, <see cref="K"/>) of the energy of one run, J: the law's, the scatter of a run about it, and the
    /// estimator's own standard uncertainty <paramref name="estimateStandardJ"/>.
    /// </summary>
    public double RunUncertainty(double estimateJ, double durationS, double estimateStandardJ, params ReadOnlySpan<double> further)
    {
        var scatter = ScatterFactor * RelativeScatter * At(estimateJ, durationS, further);
        var own = Gain * estimateStandardJ;
        return K * Math.Sqrt(LawVariance(estimateJ, durationS, further) + scatter * scatter + own * own);
    }

    private double LawVariance(double estimateJ, double durationS, ReadOnlySpan<double> further)
    {
        Span<double> row = stackalloc double[Coefficients.Count];
        row[0] = estimateJ;
        if (row.Length > 1)
            row[1] = durationS;
        for (var i = 2; i < row.Length; i++)
            row[i] = further[i - 2];
        return SymmetricSystem.Quadratic(Covariance, row);
    }
}
