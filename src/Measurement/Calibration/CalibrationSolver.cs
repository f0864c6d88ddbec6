namespace MeterLab.Measurement.Calibration;

/// <summary>
/// Solves for the coefficients and the scatter. Every row's residual has the density of <see cref="CounterNoise"/>; its scale holds the
/// relative scatter, the meter's variance and the estimator's variance times the squared gain (York's effective variance). The pull of a row
/// acts on its estimate as corrected by its own residual, which makes the equations unbiased although both sides carry errors (York 2004;
/// for other densities by Stein's identity). Steps are those of Fisher's scoring. A likelihood of the scatter alone would shrink it to nothing
/// where a coarse count explains all; a factor of the scatter to the power of the number of coefficients keeps it off 0 and, for normal
/// errors, equals the count of degrees of freedom (Chung et al. 2013).
/// </summary>
internal sealed partial class CalibrationSolver
{
    private const double LeastScatter = 1e-5;
    private const double MostScatter = 1;
    private const int MostRounds = 60;
    private const int MostRoundsWithout = 12;
    private const double Converged = 1e-5;
    private const double ScatterConverged = 0.005;

    // Slopes of the pull are taken over this share of a residual's spread; less than the least says that the densities do not fit at all.
    private const double SlopeWidth = 0.3;
    private const double LeastSlope = 0.3;
    private const double LeastDensityFactor = 1e-6;

    // Below this share of the meter's figure the law's own figure is no yardstick for a relative scatter.
    private const double LeastShare = 0.1;

    private readonly CalibrationRows _rows;
    private readonly IdleDifference? _prior;
    private readonly bool _estimateErrs;
    private readonly double[] _scale;
    private readonly double[] _level;
    private readonly double[] _residual;
    private double _correction = 1;

    public CalibrationSolver(CalibrationRows rows, IdleDifference? prior)
    {
        _rows = rows;
        _prior = prior is not null && rows.Terms > 1 ? prior : null;
        _estimateErrs = Array.Exists(rows.EstimateVariance, variance => variance > 0);
        (_scale, _level, _residual) = (new double[rows.Rows], new double[rows.Rows], new double[rows.Rows]);
    }

    /// <summary>Gain, unseen power, further terms.</summary>
    public double[] Coefficients { get; private set; } = [];

    /// <summary>Relative scale of a run's scatter.</summary>
    public double Scatter { get; private set; } = 0.02;

    /// <summary>Inverse of the information: the covariance of the coefficients if the law and its densities hold.</summary>
    public double[,] Inverse { get; private set; } = new double[0, 0];

    /// <summary>The information of all rows and of the prior.</summary>
    public double[,] Information { get; private set; } = new double[0, 0];

    /// <summary>Fits all rows; false where they do not determine the coefficients.</summary>
    public bool TrySolve()
    {
        if (Start() is not { } start)
            return false;
        Coefficients = start;
        Refresh(-1);
        SetFirstScatter();
        SetCorrection();
        for (var round = 0; round < MostRounds; round++)
        {
            var before = Scatter;
            if (TryStep(-1) is not { } moved)
                return false;
            Refresh(-1);
            Scatter = BestScatter(round switch { 0 => 3, 1 => 0.5, _ => 0.1 });
            SetScales();
            SetCorrection();
            if (moved < Converged && Math.Abs(Scatter - before) < ScatterConverged * before)
                break;
        }

        return TryStep(-1) is not null;
    }

    /// <summary>
    /// The coefficients without one cluster, solved again with the scatter of the whole fit. Null where the others do not determine them.
    /// </summary>
    public double[]? Without(int cluster)
    {
        var (whole, inverse, information) = (Coefficients, Inverse, Information);
        try
        {
            for (var round = 0; round < MostRoundsWithout; round++)
            {
                Refresh(cluster);
                if (TryStep(cluster) is not { } moved)
                    return null;
                if (moved < 1e-5)
                    break;
            }

            return Coefficients;
        }
        finally
        {
            (Coefficients, Inverse, Information) = (whole, inverse, information);
        }
    }

    /// <summary>Residuals, levels and scales at the present coefficients.</summary>
    public void Refresh(int without)
    {
        for (var i = 0; i < _rows.Rows; i++)
        {
            if (_rows.Cluster[i] == without)
                continue;
            var at = _rows.At(Coefficients, i);
            _residual[i] = _rows.Meter[i] - at;
            _level[i] = Math.Max(at, LeastShare * _rows.Meter[i]);
        }

        SetScales();
    }

    /// <summary>What each cluster does to the fit.</summary>
    public ClusterShare[] ByCluster()
    {
        var shares = new ClusterShare[_rows.Clusters];
        for (var g = 0; g < shares.Length; g++)
            shares[g] = new ClusterShare(new double[_rows.Terms], new double[_rows.Terms, _rows.Terms], new double[_rows.Terms], 0, 0, 0);
        var column = new double[_rows.Terms];
        for (var i = 0; i < _rows.Rows; i++)
        {
            var share = shares[_rows.Cluster[i]];
            Add(i, column, share.Pull, share.Information);
            var unit = Math.Sqrt(CounterNoise.Information(_scale[i], _rows.Count[i]));
            for (var j = 0; j < column.Length; j++)
                share.Together[j] += unit * column[j];
            var pull = CounterNoise.Pull(_residual[i], _scale[i], _rows.Count[i]) / unit;
            shares[_rows.Cluster[i]] = share with { Rows = share.Rows + 1, Sum = share.Sum + pull, Squares = share.Squares + pull * pull };
        }

        return shares;
    }

    /// <summary>
    /// By how much the variance of the coefficients differs from the inverse information because the residuals have another density than
    /// assumed: mean squared pull over squared mean slope of the pull, each in units of the information (Huber 1981, section 7.6).
    /// </summary>
    public double DensityFactor()
    {
        var (squares, slope) = PullMoments();
        var freedom = Math.Max(1, _rows.Rows - _rows.Terms);
        return Math.Max(LeastDensityFactor, squares * _rows.Rows / freedom / (slope * slope));
    }

    // Mean square and mean slope of the pulls, in units of the information: both 1 where the residuals have the assumed density.
    private (double Squares, double Slope) PullMoments()
    {
        var (squares, slopes) = (0.0, 0.0);
        for (var i = 0; i < _rows.Rows; i++)
        {
            var (scale, count) = (_scale[i], _rows.Count[i]);
            var width = SlopeWidth * Math.Sqrt(scale * scale + count * count / 6);
            var information = CounterNoise.Information(scale, count);
            squares += Square(CounterNoise.Pull(_residual[i], scale, count)) / information;
            slopes += (CounterNoise.Pull(_residual[i] + width, scale, count) - CounterNoise.Pull(_residual[i] - width, scale, count)) / (2 * width * information);
        }

        return (squares / _rows.Rows, Math.Max(slopes / _rows.Rows, LeastSlope));
    }

    // What the estimate's error costs the gain is the slope of the pull, what corrects it is its square; where the density is another than assumed
    // the two differ.
    private void SetCorrection()
    {
        if (!_estimateErrs)
            return;
        var (squares, slope) = PullMoments();
        _correction = Math.Clamp(slope / Math.Max(squares, 1e-9), 0.3, 3);
    }

    // One step of scoring, shortened until the pulls get weaker; null where the rows do not determine it. Returns its size in standard uncertainties.
    private double? TryStep(int without)
    {
        var (pull, information) = Sum(without);
        if (SymmetricSystem.TryInvert(information) is not { } inverse)
            return null;
        var step = SymmetricSystem.Multiply(inverse, pull);
        var strength = SymmetricSystem.Quadratic(inverse, pull);
        var from = Coefficients;
        for (var factor = 1.0; strength > 1e-14 && factor > 0.01; factor /= 2)
        {
            Coefficients = [.. from.Select((value, j) => value + factor * step[j])];
            Residuals(without);
            var (now, _) = Sum(without);
            if (SymmetricSystem.Quadratic(inverse, now) < strength)
                break;
        }

        (Inverse, Information) = (inverse, information);
        return Math.Sqrt(strength);
    }

    private (double[] Pull, double[,] Information) Sum(int without)
    {
        var pull = new double[_rows.Terms];
        var information = new double[_rows.Terms, _rows.Terms];
        var column = new double[_rows.Terms];
        for (var i = 0; i < _rows.Rows; i++)
        {
            if (_rows.Cluster[i] != without)
                Add(i, column, pull, information);
        }

        AddPrior(pull, information);
        return (pull, information);
    }

    private void Add(int i, double[] column, double[] pull, double[,] information)
    {
        var own = CounterNoise.Pull(_residual[i], _scale[i], _rows.Count[i]);
        var weight = CounterNoise.Information(_scale[i], _rows.Count[i]);
        for (var j = 0; j < column.Length; j++)
            column[j] = _rows.Columns[j][i];
        column[0] += _correction * Coefficients[0] * _rows.EstimateVariance[i] * own;
        for (var j = 0; j < column.Length; j++)
        {
            pull[j] += own * column[j];
            for (var k = 0; k < column.Length; k++)
                information[j, k] += weight * column[j] * column[k];
        }
    }

    private void AddPrior(double[] pull, double[,] information)
    {
        if (_prior is null)
            return;
        var standard = _prior.StandardW(Coefficients[0]);
        var weight = 1 / (standard * standard);
        var residual = _prior.IdleW - Coefficients[0] * _prior.EstimateW - Coefficients[1];
        double[] column = [_prior.EstimateW, 1];
        for (var j = 0; j < 2; j++)
        {
            pull[j] += weight * residual * column[j];
            for (var k = 0; k < 2; k++)
                information[j, k] += weight * column[j] * column[k];
        }
    }

    private void Residuals(int without)
    {
        for (var i = 0; i < _rows.Rows; i++)
        {
            if (_rows.Cluster[i] != without)
                _residual[i] = _rows.Meter[i] - _rows.At(Coefficients, i);
        }
    }

    private void SetScales()
    {
        var gain = Coefficients[0] * Coefficients[0];
        for (var i = 0; i < _rows.Rows; i++)
        {
            var scatter = Scatter * _level[i];
            _scale[i] = Math.Sqrt(scatter * scatter + _rows.MeterVariance[i] + gain * _rows.EstimateVariance[i]);
        }
    }

    private static double Square(double value) => value * value;
}
