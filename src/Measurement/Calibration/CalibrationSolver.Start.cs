namespace MeterLab.Measurement.Calibration;

/// <summary>Where the solver begins, and how it finds the scatter.</summary>
internal sealed partial class CalibrationSolver
{
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

    private void SetFirstScatter()
    {
        var sizes = _residual.Select((residual, i) => Math.Abs(residual) / _level[i]).Order().ToArray();
        Scatter = Math.Clamp(1.35 * sizes[sizes.Length / 2], 1e-3, 0.3);
        SetScales();
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
}
