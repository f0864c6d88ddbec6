namespace MeterLab.Measurement.Clocks;

/// <summary>
/// How well a lower envelope is known, from how far above it the earliest arrivals of each tenth of the time lie: where each tenth
/// has some that nearly touch it, so does the truth.
/// </summary>
internal sealed class EnvelopeScatter(long lengthNs)
{
    private const int Blocks = 10;
    private const int FewArrivals = 40;

    // Where a piece is too short to tell its rate: crystals keep within this (rectangular).
    private const double UsualRate = 200e-6;

    // Arrivals that say nothing: a serial adapter's latency timer and a USB frame are of this order.
    private const double UnknownNs = 1_000_000;

    // The stamps' own granularity, and the crystals' wander between arrivals.
    private const double LeastNs = 1_000;

    private readonly double[] _least = [.. Enumerable.Repeat(double.PositiveInfinity, Blocks)];
    private int _count;
    private double _most;

    /// <summary>Adds an arrival: when (ns since the piece's start, by the device) and how far above the envelope (ns).</summary>
    public void Add(long elapsedNs, double aboveNs)
    {
        var block = lengthNs == 0 ? 0 : (int)Math.Min(Blocks - 1, Blocks * (double)elapsedNs / lengthNs);
        _least[block] = Math.Min(_least[block], aboveNs);
        _most = Math.Max(_most, aboveNs);
        _count++;
    }

    /// <summary>Standard uncertainty of an instant on the envelope, ns.</summary>
    public double UncertaintyNs(bool rateFitted)
    {
        var drift = rateFitted ? 0 : UsualRate * lengthNs / 2 / Math.Sqrt(3);
        if (_count < FewArrivals)
            return Math.Sqrt(Math.Pow(Math.Max(_most, UnknownNs), 2) / 3 + drift * drift);
        // Mean square of the tenths' distances: a tenth that touches late counts with what it may hide.
        double sum = 0;
        var filled = 0;
        foreach (var least in _least)
        {
            if (double.IsPositiveInfinity(least))
                continue;
            sum += least * least;
            filled++;
        }

        return Math.Sqrt(sum / filled + drift * drift + LeastNs * LeastNs);
    }
}
