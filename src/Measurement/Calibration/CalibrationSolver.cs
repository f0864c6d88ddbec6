namespace MeterLab.Measurement.Calibration;

/// <summary>
/// Solves for the coefficients and the scatter. Every row's residual has the density of <see cref="CounterNoise"/>; its scale holds the
/// relative scatter, the meter's variance and the estimator's variance times the squared gain (York's effective variance). The pull of a row
/// acts on its estimate as corrected by its own residual, which makes the equations unbiased although both sides carry errors (York 2004;
/// for other densities by Stein's identity). Steps are those of Fisher's scoring. A likelihood of the scatter alone would shrink it to nothing
/// where a coarse count explains all; a factor of the scatter to the power of the number of coefficients keeps it off 0 and, for normal
/// errors, equals the count of degrees of freedom (Chung et al. 2013).
/// </summary>
internal sealed class CalibrationSolver
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

    // Below this share of the meter's figure the law's own figure is no yardstick for a relative scatter.
    private const double LeastShare = 0.1;

    private readonly CalibrationRows _rows;
    private readonly IdleDifference? _prior;
    private readonly double[] _scale;
    private readonly double[] _level;
    private readonly double[] _residual;

    public CalibrationSolver(CalibrationRows rows, IdleDifference? prior)
    {
        _rows = rows;
        _prior = prior is not null && rows.Terms > 1 ? prior : null;
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
        for (var round = 0; round < MostRounds; round++)
        {
            var before = Scatter;
            if (TryStep(-1) is not { } moved)
                return false;
            Refresh(-1);
            Scatter = BestScatter(round switch { 0 => 3, 1 => 0.5, _ => 0.1 });
            SetScales();
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
        var (squares, slopes) = (0.0, 0.0);
        for (var i = 0; i < _rows.Rows; i++)
        {
            var (scale, count) = (_scale[i], _rows.Count[i]);
            var width = SlopeWidth * Math.Sqrt(scale * scale + count * count / 6);
            var information = CounterNoise.Information(scale, count);
            squares += Square(CounterNoise.Pull(_residual[i], scale, count)) / information;
            slopes += (CounterNoise.Pull(_residual[i] + width, scale, count) - CounterNoise.Pull(_residual[i] - width, scale, count)) / (2 * width * information);
        }

        var freedom = Math.Max(1, _rows.Rows - _rows.Terms);
        var slope = Math.Max(slopes / _rows.Rows, LeastSlope);
        return squares / freedom / (slope * slope);
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
        column[0] += Coefficients[0] * _rows.EstimateVariance[i] * own;
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

    // Where the scatter's likelihood is greatest, within a factor e^reach of the present one.
    private double BestScatter(double reach)
    {
        var (low, high) = (Math.Max(Math.Log(Scatter) - reach, Math.Log(LeastScatter)), Math.Min(Math.Log(Scatter) + reach, Math.Log(MostScatter)));
        const double Golden = 0.6180339887498949;
        var (a, b) = (high - Golden * (high - low), low + Golden * (high - low));
        var (atA, atB) = (Likelihood(a), Likelihood(b));
        while (high - low > ScatterConverged / 2)
        {
            if (atA >= atB)
            {
                (high, b, atB) = (b, a, atA);
                a = high - Golden * (high - low);
                atA = Likelihood(a);
            }
            else
            {
                (low, a, atA) = (a, b, atB);
                b = low + Golden * (high - low);
                atB = Likelihood(b);
            }
        }

        return Math.Exp((low + high) / 2);
    }

    private double Likelihood(double logScatter)
    {
        var scatter = Math.Exp(2 * logScatter);
        var gain = Coefficients[0] * Coefficients[0];
        var sum = _rows.Terms * logScatter;
        for (var i = 0; i < _rows.Rows; i++)
        {
            var scale = Math.Sqrt(scatter * _level[i] * _level[i] + _rows.MeterVariance[i] + gain * _rows.EstimateVariance[i]);
            sum += CounterNoise.LogDensity(_residual[i], scale, _rows.Count[i]);
        }

        return sum;
    }

    private void SetFirstScatter()
    {
        var sizes = _residual.Select((residual, i) => Math.Abs(residual) / _level[i]).Order().ToArray();
        Scatter = Math.Clamp(1.35 * sizes[sizes.Length / 2], 1e-3, 0.3);
        SetScales();
    }

    // Least squares of the relative residuals with the count as a floor, then a few rounds in which far rows lose their weight.
    private double[]? Start()
    {
        var weights = new double[_rows.Rows];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = 1 / (_rows.Meter[i] * _rows.Meter[i] + _rows.Count[i] * _rows.Count[i]);
        double[]? start = null;
        for (var round = 0; round < 8; round++)
        {
            if (LeastSquares(weights) is not { } solved)
                return null;
            start = solved;
            Coefficients = solved;
            Refresh(-1);
            SetFirstScatter();
            for (var i = 0; i < weights.Length; i++)
                weights[i] = 5 / (4 + Square(_residual[i] / _scale[i])) / Square(_scale[i] + _rows.Count[i] / 3);
        }

        return start;
    }

    private double[]? LeastSquares(double[] weights)
    {
        var pull = new double[_rows.Terms];
        var information = new double[_rows.Terms, _rows.Terms];
        for (var i = 0; i < weights.Length; i++)
        {
            for (var j = 0; j < _rows.Terms; j++)
            {
                var weighted = weights[i] * _rows.Columns[j][i];
                pull[j] += weighted * _rows.Meter[i];
                for (var k = 0; k < _rows.Terms; k++)
                    information[j, k] += weighted * _rows.Columns[k][i];
            }
        }

        if (_prior is not null)
        {
            var weight = 1 / (_prior.IdleStandardW * _prior.IdleStandardW);
            double[] column = [_prior.EstimateW, 1];
            for (var j = 0; j < 2; j++)
            {
                pull[j] += weight * _prior.IdleW * column[j];
                for (var k = 0; k < 2; k++)
                    information[j, k] += weight * column[j] * column[k];
            }
        }

        return SymmetricSystem.TryInvert(information) is { } inverse ? SymmetricSystem.Multiply(inverse, pull) : null;
    }

    private static double Square(double value) => value * value;
}
