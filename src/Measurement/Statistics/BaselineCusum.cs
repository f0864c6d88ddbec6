namespace MeterLab.Measurement.Statistics;

/// <summary>
/// Cumulative sums over nights (Page 1954) that begin without a known level or scatter (Hawkins 1987): every night is compared with all before
/// it, which gives a standard normal deviate as long as nothing has changed. Small changes that stay add up night by night until they are
/// called; one single test would miss them.
/// </summary>
public sealed class BaselineCusum
{
    private const int FewestNights = 3;

    // Siegmund's correction for the overshoot of a walk in discrete steps.
    private const double Overshoot = 1.166;

    private BaselineCusum(IReadOnlyList<double> deviates, IReadOnlyList<double> up, IReadOnlyList<double> down, double threshold)
    {
        (Deviates, Up, Down, Threshold) = (deviates, up, down, threshold);
        Alarm = Enumerable.Range(0, up.Count).Cast<int?>().FirstOrDefault(i => up[i!.Value] > threshold || down[i.Value] > threshold);
        if (Alarm is { } alarm)
        {
            var sums = up[alarm] > threshold ? up : down;
            var since = alarm;
            while (since > 0 && sums[since - 1] > 0)
                since--;
            Since = since;
        }
    }

    /// <summary>Each night against those before it; 0 for the first three.</summary>
    public IReadOnlyList<double> Deviates { get; }

    /// <summary>The sums for a rise.</summary>
    public IReadOnlyList<double> Up { get; }

    /// <summary>The sums for a fall.</summary>
    public IReadOnlyList<double> Down { get; }

    /// <summary>What a sum must exceed.</summary>
    public double Threshold { get; }

    /// <summary>The first night that is called, from 0; null where none is.</summary>
    public int? Alarm { get; }

    /// <summary>The night at which the change most likely began.</summary>
    public int? Since { get; }

    /// <summary>Goes through the nights in their order.</summary>
    /// <param name="nights">Of one fingerprint of the machine.</param>
    /// <param name="falseAlarmRate">Wanted mean number of false alarms a night, above 0 and below 0.5: one in 1/rate nights.</param>
    /// <param name="wantedShift">The change that is to be found soonest, in standard deviations of a night.</param>
    public static BaselineCusum Of(IReadOnlyList<BaselineNight> nights, double falseAlarmRate = 0.01, double wantedShift = 1.5)
    {
        ArgumentNullException.ThrowIfNull(nights);
        if (falseAlarmRate is not (> 0 and < 0.5) || !(wantedShift > 0))
            throw new ArgumentOutOfRangeException(nameof(falseAlarmRate), "A rate of false alarms lies between 0 and 0.5, a shift above 0.");
        var (deviates, up, down) = (new double[nights.Count], new double[nights.Count], new double[nights.Count]);
        for (var i = FewestNights; i < nights.Count; i++)
        {
            deviates[i] = BetweenNights.Of([.. nights.Take(i)]).Deviate(nights[i]);
            up[i] = Math.Max(0, up[i - 1] + deviates[i] - wantedShift / 2);
            down[i] = Math.Max(0, down[i - 1] - deviates[i] - wantedShift / 2);
        }

        return new BaselineCusum(deviates, up, down, ThresholdFor(falseAlarmRate, wantedShift / 2));
    }

    /// <summary>
    /// The threshold at which two sums with this allowance give a false alarm once in 1/rate nights (Siegmund 1985): for one sum the mean run is
    /// (exp(2kb) - 2kb - 1) / (2k²) with b = threshold + 1.166.
    /// </summary>
    public static double ThresholdFor(double falseAlarmRate, double allowance)
    {
        var (low, high) = (0.0, 50.0);
        for (var i = 0; i < 100; i++)
        {
            var middle = (low + high) / 2;
            var x = 2 * allowance * (middle + Overshoot);
            var run = (Math.Exp(x) - x - 1) / (2 * allowance * allowance);
            (low, high) = run < 2 / falseAlarmRate ? (middle, high) : (low, middle);
        }

        return high;
    }
}
