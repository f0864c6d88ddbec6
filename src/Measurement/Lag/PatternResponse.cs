using MeterLab.Measurement.Meters;

namespace MeterLab.Measurement.Lag;

/// <summary>
/// What a meter shows of a load of height 1: the pattern, through the load's own first-order rise, through the meter's averaging
/// window or filter. In closed form, so that a delay is as fine as a double.
/// </summary>
internal sealed class PatternResponse
{
    // A window shorter than a microsecond is a point.
    private const double Shortest = 1e-6;

    // Two filters of one time constant have no difference to divide by; this much apart they are still the same filter.
    private const double Apart = 1e-3;

    private readonly double[] _edge;
    private readonly double[] _level;
    private readonly double[] _integral;
    private readonly double[] _first;
    private readonly double[] _second;

    /// <param name="pattern">The load.</param>
    /// <param name="originNs">What the moments asked for count from, ns.</param>
    public PatternResponse(LoadPattern pattern, long originNs)
    {
        var count = pattern.EdgeNs.Length;
        _edge = new double[count];
        _level = new double[count];
        _integral = new double[count];
        _first = new double[count];
        _second = new double[count];
        for (var i = 0; i < count; i++)
        {
            _edge[i] = (pattern.EdgeNs[i] - originNs) * 1e-9;
            _level[i] = pattern.Levels[i] ? 1 : 0;
            _integral[i] = i == 0 ? 0 : _integral[i - 1] + _level[i - 1] * (_edge[i] - _edge[i - 1]);
        }
    }

    /// <summary>The response at moments of reading (s, increasing).</summary>
    public void Fill(ReadOnlySpan<double> readS, in LagPoint at, Span<double> output)
    {
        var rise = at.Rise < Shortest ? 0 : at.Rise;
        if (at.Shape == ResponseShape.FirstOrder && at.Averaging > Shortest)
            Filtered(readS, at.Delay, at.Averaging, rise, output);
        else
            Averaged(readS, at.Delay, Math.Max(at.Averaging, Shortest), rise, output);
    }

    private void Averaged(ReadOnlySpan<double> readS, double delay, double window, double rise, Span<double> output)
    {
        Settle(_first, rise);
        int end = 0, start = 0;
        for (var i = 0; i < readS.Length; i++)
        {
            var t = readS[i] - delay;
            output[i] = (EnergyBefore(t, rise, ref end) - EnergyBefore(t - window, rise, ref start)) / window;
        }
    }

    private void Filtered(ReadOnlySpan<double> readS, double delay, double tau, double rise, Span<double> output)
    {
        if (Math.Abs(tau - rise) < Apart * tau)
            rise = tau * (1 - Apart);
        Settle(_first, tau);
        Settle(_second, rise);
        var hint = 0;
        for (var i = 0; i < readS.Length; i++)
        {
            var t = readS[i] - delay;
            if (!Walk(t, ref hint))
            {
                output[i] = 0;
                continue;
            }

            var own = State(_first, t, tau, hint);
            // Two first-order filters in a row, as the difference of two single ones.
            output[i] = rise > 0 ? (tau * own - rise * State(_second, t, rise, hint)) / (tau - rise) : own;
        }
    }

    // The integral of the load behind its rise: tau y' = u - y, so the integral of y is that of u less tau y.
    private double EnergyBefore(double t, double rise, ref int hint)
    {
        if (!Walk(t, ref hint))
            return 0;
        var energy = _integral[hint] + _level[hint] * (t - _edge[hint]);
        return rise > 0 ? energy - rise * State(_first, t, rise, hint) : energy;
    }

    private double State(double[] states, double t, double tau, int edge)
    {
        var x = (t - _edge[edge]) / tau;
        return x > 40 ? _level[edge] : _level[edge] + (states[edge] - _level[edge]) * Math.Exp(-x);
    }

    // What a filter of this time constant has reached at each edge.
    private void Settle(double[] states, double tau)
    {
        states[0] = 0;
        for (var i = 1; i < _edge.Length && tau > 0; i++)
            states[i] = State(states, _edge[i], tau, i - 1);
    }

    // The last edge at or before a moment; false before the first.
    private bool Walk(double t, ref int hint)
    {
        if (t <= _edge[0])
            return false;
        while (hint + 1 < _edge.Length && _edge[hint + 1] <= t)
            hint++;
        while (hint > 0 && _edge[hint] > t)
            hint--;
        return true;
    }
}
