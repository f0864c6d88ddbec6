namespace MeterLab.Measurement.Clocks;

/// <summary>The weighted squares that two straight pieces leave of a stretch of readings, for every place of the cut at once.</summary>
internal sealed class SplitResiduals
{
    private const double LeastJitterNs = 5_000;

    // A piece that is a moment long says nothing about its rate; without this it would have any.
    private const double UsualRateNsPerSecond = 300_000;

    private readonly Moments[] _sums;

    /// <summary>Sums up; the readings are in order.</summary>
    public SplitResiduals(ReadOnlySpan<SyncObservation> readings)
    {
        var frame = new ClockFrame(readings[0]);
        var shortest = long.MaxValue;
        foreach (var reading in readings)
            shortest = Math.Min(shortest, reading.RoundTripNs);
        _sums = new Moments[readings.Length + 1];
        for (var i = 0; i < readings.Length; i++)
        {
            var excess = (readings[i].RoundTripNs - shortest) / 2.0 + readings[i].ResolutionNs / 2.0;
            _sums[i + 1] = _sums[i].Plus(
                1 / (LeastJitterNs * LeastJitterNs + excess * excess / 3), frame.TimeOf(readings[i].MiddleNs), frame.OffsetOf(readings[i]));
        }
    }

    /// <summary>With a cut before this reading and one rate on both sides.</summary>
    public double OneRate(int cut)
    {
        var (a, b) = (_sums[cut].Centred(), _sums[^1].Minus(_sums[cut]).Centred());
        var sxx = a.Xx + b.Xx;
        return a.Yy + b.Yy - (sxx > 0 ? Math.Pow(a.Xy + b.Xy, 2) / sxx : 0);
    }

    /// <summary>With a cut before this reading and a rate for each side.</summary>
    public double TwoRates(int cut) => Own(_sums[cut]) + Own(_sums[^1].Minus(_sums[cut]));

    private static double Own(Moments sums)
    {
        var (xx, xy, yy) = sums.Centred();
        return yy - xy * xy / (xx + 1 / (UsualRateNsPerSecond * UsualRateNsPerSecond));
    }

    private readonly record struct Moments(double W, double X, double Y, double Xx, double Xy, double Yy)
    {
        public Moments Plus(double w, double x, double y) => new(W + w, X + w * x, Y + w * y, Xx + w * x * x, Xy + w * x * y, Yy + w * y * y);

        public Moments Minus(Moments o) => new(W - o.W, X - o.X, Y - o.Y, Xx - o.Xx, Xy - o.Xy, Yy - o.Yy);

        public (double Xx, double Xy, double Yy) Centred() => (Math.Max(0, Xx - X * X / W), Xy - X * Y / W, Math.Max(0, Yy - Y * Y / W));
    }
}
