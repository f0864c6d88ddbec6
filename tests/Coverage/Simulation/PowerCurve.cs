namespace MeterLab.Coverage.Simulation;

/// <summary>
/// True power over time, straight between knots; two knots at one moment are a step. Its energy is exact, so that what a meter says can be
/// judged to the last digit.
/// </summary>
internal sealed class PowerCurve
{
    private readonly double[] _seconds;
    private readonly double[] _watts;
    private readonly double[] _joules;

    public PowerCurve(IReadOnlyList<(double Seconds, double Watts)> knots)
    {
        _seconds = [.. knots.Select(knot => knot.Seconds)];
        _watts = [.. knots.Select(knot => knot.Watts)];
        _joules = new double[_seconds.Length];
        for (var i = 1; i < _joules.Length; i++)
            _joules[i] = _joules[i - 1] + (_seconds[i] - _seconds[i - 1]) * (_watts[i] + _watts[i - 1]) / 2;
    }

    /// <summary>Energy between two moments, J.</summary>
    public double Energy(double from, double to) => At(to) - At(from);

    /// <summary>Mean power between two moments, W.</summary>
    public double Mean(double from, double to) => Energy(from, to) / (to - from);

    /// <summary>The knots strictly between two moments.</summary>
    public IEnumerable<(double Seconds, double Watts)> Knots(double from, double to)
    {
        for (var i = 0; i < _seconds.Length; i++)
        {
            if (_seconds[i] > from && _seconds[i] < to)
                yield return (_seconds[i], _watts[i]);
        }
    }

    /// <summary>Power at a moment, W.</summary>
    public double Power(double seconds)
    {
        var i = Segment(seconds);
        var share = (seconds - _seconds[i]) / Math.Max(_seconds[i + 1] - _seconds[i], 1e-12);
        return _watts[i] + (_watts[i + 1] - _watts[i]) * Math.Clamp(share, 0, 1);
    }

    private double At(double seconds)
    {
        var i = Segment(seconds);
        var elapsed = seconds - _seconds[i];
        var length = Math.Max(_seconds[i + 1] - _seconds[i], 1e-12);
        return _joules[i] + elapsed * (_watts[i] + (_watts[i + 1] - _watts[i]) * elapsed / length / 2);
    }

    private int Segment(double seconds)
    {
        var index = Array.BinarySearch(_seconds, seconds);
        return Math.Clamp(index >= 0 ? index : ~index - 1, 0, _seconds.Length - 2);
    }
}
