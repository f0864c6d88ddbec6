using MeterLab.Measurement.Meters;

namespace MeterLab.Measurement.Lag;

/// <summary>
/// baseline + step x (pattern through the response) + drift, least squares with the linear parts eliminated (variable projection):
/// for a delay and a response the rest follows.
/// </summary>
internal sealed class LagModel
{
    private readonly double[] _readNs;
    private readonly double[] _watts;
    private readonly double[] _time;
    private readonly double[] _shifted;
    private readonly double[] _response;
    private readonly double _meanTime;

    /// <param name="readNs">When values came to be readable, ns, increasing.</param>
    /// <param name="watts">The values, W.</param>
    public LagModel(double[] readNs, double[] watts)
    {
        _readNs = readNs;
        _watts = watts;
        _time = [.. readNs.Select(ns => (ns - readNs[0]) * 1e-9)];
        _meanTime = _time.Average();
        _shifted = new double[readNs.Length];
        _response = new double[readNs.Length];
        var mean = watts.Average();
        TotalSquares = watts.Sum(w => (w - mean) * (w - mean));
    }

    public int Count => _watts.Length;

    /// <summary>Squares about the mean, W^2.</summary>
    public double TotalSquares { get; }

    /// <summary>The best baseline, step and drift for a delay (s), an averaging (s) and a shape, and what is left.</summary>
    public Solution Solve(LoadPattern pattern, double delay, double averaging, ResponseShape shape)
    {
        Respond(pattern, delay, averaging, shape);
        double sx = 0, sy = 0;
        var n = Count;
        for (var i = 0; i < n; i++)
        {
            sx += _response[i];
            sy += _watts[i];
        }

        double meanX = sx / n, meanY = sy / n;
        double xx = 0, xt = 0, tt = 0, xy = 0, ty = 0, yy = 0;
        for (var i = 0; i < n; i++)
        {
            var (x, t, y) = (_response[i] - meanX, _time[i] - _meanTime, _watts[i] - meanY);
            xx += x * x;
            xt += x * t;
            tt += t * t;
            xy += x * y;
            ty += t * y;
            yy += y * y;
        }

        var determinant = xx * tt - xt * xt;
        if (determinant <= 1e-12 * xx * tt || xx == 0)
            return new Solution(0, meanY, 0, yy, double.PositiveInfinity);
        var step = (xy * tt - ty * xt) / determinant;
        var drift = (ty * xx - xy * xt) / determinant;
        var left = Math.Max(0, yy - step * xy - drift * ty);
        return new Solution(step, meanY - step * meanX, drift, left, tt / determinant);
    }

    /// <summary>Lag-one autocorrelation of what a solution leaves, -1 to 1.</summary>
    public double ResidualCorrelation(LoadPattern pattern, double delay, double averaging, ResponseShape shape)
    {
        var s = Solve(pattern, delay, averaging, shape);
        double previous = 0, products = 0, squares = 0;
        for (var i = 0; i < Count; i++)
        {
            var residual = _watts[i] - s.Baseline - s.Step * _response[i] - s.Drift * (_time[i] - _meanTime);
            products += i > 0 ? residual * previous : 0;
            squares += residual * residual;
            previous = residual;
        }

        return squares > 0 ? products / squares : 0;
    }

    private void Respond(LoadPattern pattern, double delay, double averaging, ResponseShape shape)
    {
        for (var i = 0; i < Count; i++)
            _shifted[i] = _readNs[i] - delay * 1e9;
        if (shape == ResponseShape.FirstOrder && averaging > 1e-6)
        {
            pattern.Filter(_shifted, averaging, _response);
            return;
        }

        // A window shorter than a microsecond is a point.
        var windowNs = Math.Max(averaging * 1e9, 1000);
        int endHint = 0, startHint = 0;
        for (var i = 0; i < Count; i++)
        {
            var end = pattern.SecondsBefore(_shifted[i], ref endHint);
            var start = pattern.SecondsBefore(_shifted[i] - windowNs, ref startHint);
            _response[i] = (end - start) / (windowNs * 1e-9);
        }
    }

    /// <summary>Step (W), baseline (W), drift (W/s), squares left (W^2), and the step's variance in units of the residual variance.</summary>
    public readonly record struct Solution(double Step, double Baseline, double Drift, double Left, double StepVariance);
}
