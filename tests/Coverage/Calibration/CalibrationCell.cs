namespace MeterLab.Coverage.Calibration;

/// <summary>What one kind of machine came to.</summary>
internal sealed record CalibrationCell(string Name, int Machines, int Undetermined, Interval Gain, Interval Unseen);

/// <summary>How an interval did: the share of machines whose truth it contains, and the 95th percentile of |error| / stated.</summary>
internal sealed record Interval(double Coverage, double Ratio95)
{
    /// <summary>From |error| / stated of every machine.</summary>
    public static Interval Of(IReadOnlyCollection<double> ratios)
    {
        var sorted = ratios.Order().ToArray();
        return sorted.Length == 0
            ? new Interval(double.NaN, double.NaN)
            : new Interval(sorted.Count(ratio => ratio <= 1) / (double)sorted.Length, sorted[(int)(0.95 * (sorted.Length - 1))]);
    }
}
