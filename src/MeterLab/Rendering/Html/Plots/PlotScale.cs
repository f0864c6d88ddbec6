namespace MeterLab.Cli.Rendering.Html.Plots;

/// <summary>Maps values to a drawing's units along one axis, with ticks at round numbers.</summary>
internal sealed class PlotScale
{
    // Errors up to here, %, are compared best on one linear axis.
    private const double LargestLinear = 1000;

    // Where a symmetric axis turns from linear to logarithmic, %.
    private const double SymmetricUnit = 10;

    private readonly double _low;
    private readonly double _high;
    private readonly double _from;
    private readonly double _to;
    private readonly Kind _kind;

    private PlotScale(double low, double high, double from, double to, Kind kind, IReadOnlyList<double> ticks, int decimals)
    {
        (_low, _high, _from, _to, _kind) = (low, high, from, to, kind);
        (Ticks, Decimals) = (ticks, decimals);
    }

    /// <summary>Where labels stand.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>Decimals that the labels need.</summary>
    public int Decimals { get; }

    /// <summary>The lowest value shown.</summary>
    public double Low => _low;

    /// <summary>The highest value shown.</summary>
    public double High => _high;

    /// <summary>A linear axis from <paramref name="from"/> to <paramref name="to"/> that shows at least low to high.</summary>
    /// <param name="low">The lowest value to show.</param>
    /// <param name="high">The highest value to show.</param>
    /// <param name="from">Units where the lowest value stands.</param>
    /// <param name="to">Units where the highest value stands.</param>
    /// <param name="spacing">Units that a label needs.</param>
    /// <param name="tight">Whether the axis ends exactly at low and high instead of at round numbers.</param>
    public static PlotScale Linear(double low, double high, double from, double to, double spacing, bool tight = false)
    {
        if (!(high > low))
            (low, high) = (low - 0.5, low + 0.5);
        var step = RoundStep((high - low) / Math.Max(1, Math.Floor(Math.Abs(to - from) / spacing)));
        if (!tight)
            (low, high) = (Math.Floor((low / step) + 1e-9) * step, Math.Ceiling((high / step) - 1e-9) * step);
        var ticks = new List<double>();
        for (var i = Math.Ceiling((low / step) - 1e-9); i <= Math.Floor((high / step) + 1e-9); i++)
            ticks.Add(i * step);
        return new PlotScale(low, high, from, to, Kind.Linear, ticks, Math.Clamp(-(int)Math.Floor(Math.Log10(step) + 1e-9), 0, 9));
    }

    /// <summary>A logarithmic axis; low is above zero.</summary>
    public static PlotScale Logarithmic(double low, double high, double from, double to, double spacing)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(low);
        var (first, last) = ((int)Math.Floor(Math.Log10(low)), (int)Math.Ceiling(Math.Log10(Math.Max(high, low * 1.01))));
        double[] mantissas = Math.Abs(to - from) / spacing >= 3 * (last - first) ? [1, 2, 5] : [1];
        var all = Enumerable.Range(first, last - first + 1).SelectMany(d => mantissas.Select(m => m * Math.Pow(10, d))).ToList();
        var bottom = all.Last(tick => tick <= low * 1.000001);
        var top = all.First(tick => tick >= high * 0.999999);
        List<double> ticks = [.. all.Where(tick => tick >= bottom * 0.999999 && tick <= top * 1.000001)];
        return new PlotScale(bottom, top, from, to, Kind.Logarithmic, ticks, Math.Clamp(-(int)Math.Floor(Math.Log10(bottom)), 0, 9));
    }

    /// <summary>Where a value stands.</summary>
    public double At(double value) => _from + ((_to - _from) * Fraction(value));

    /// <summary>A tick's label.</summary>
    public string Label(double tick) =>
        Figures.Number(tick, _kind == Kind.Logarithmic ? Math.Clamp(-(int)Math.Floor(Math.Log10(tick) + 1e-9), 0, 9) : Decimals);

    /// <summary>A tick's label with its sign.</summary>
    public string SignedLabel(double tick) => tick > 0 ? "+" + Label(tick) : Label(tick);

    /// <summary>
    /// An axis for errors in %: linear, or, where some are hundreds of times the tolerable, linear around zero and logarithmic beyond ± 10 %, so that
    /// an estimator that is wrong by thousands of percent does not flatten all others.
    /// </summary>
    /// <param name="low">The lowest value to show, %.</param>
    /// <param name="high">The highest value to show, %.</param>
    /// <param name="from">Units where the lowest value stands.</param>
    /// <param name="to">Units where the highest value stands.</param>
    /// <param name="spacing">Units that a label needs.</param>
    public static PlotScale ForErrors(double low, double high, double from, double to, double spacing)
    {
        if (Math.Max(Math.Abs(low), Math.Abs(high)) <= LargestLinear)
            return Linear(low, high, from, to, spacing);
        var scale = new PlotScale(Outward(low), Outward(high), from, to, Kind.Symmetric, [], 0);
        // From zero outwards, so that the labels that matter stay where room is short.
        var ticks = new List<double> { 0 };
        foreach (var tick in ((double[])[1, 3]).SelectMany(digit => Enumerable.Range(1, 12)
            .SelectMany(decade => (double[])[digit * Math.Pow(10, decade), -digit * Math.Pow(10, decade)])))
        {
            if (tick >= scale._low && tick <= scale._high && ticks.All(other => Math.Abs(scale.At(other) - scale.At(tick)) >= spacing))
                ticks.Add(tick);
        }

        ticks.Sort();
        return new PlotScale(scale._low, scale._high, from, to, Kind.Symmetric, ticks, 0);
    }

    private static double Outward(double value) => value == 0 ? 0 : value * 1.15;

    private double Fraction(double value) => _kind switch
    {
        Kind.Logarithmic => Math.Log(value / _low) / Math.Log(_high / _low),
        Kind.Symmetric => (Math.Asinh(value / SymmetricUnit) - Math.Asinh(_low / SymmetricUnit))
            / (Math.Asinh(_high / SymmetricUnit) - Math.Asinh(_low / SymmetricUnit)),
        _ => (value - _low) / (_high - _low),
    };

    private static double RoundStep(double least)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return (least / power) switch
        {
            <= 1.000001 => power,
            <= 2.000001 => 2 * power,
            <= 5.000001 => 5 * power,
            _ => 10 * power,
        };
    }

    private enum Kind
    {
        Linear,
        Logarithmic,
        Symmetric,
    }
}
