namespace MeterLab.Coverage.Lag;

/// <summary>A kind of meter and of what is known of it; everything else is drawn anew for each trial.</summary>
/// <param name="Name">For the table.</param>
/// <param name="PeriodS">Nominal update period, s.</param>
/// <param name="AveragingS">Window or time constant, s.</param>
/// <param name="Filter">First-order filter instead of a window.</param>
/// <param name="ResponseKnown">Whether the fit is told the averaging.</param>
/// <param name="PollS">Interval at which the meter is polled, s; 0 where its updates arrive by themselves.</param>
/// <param name="LongestRiseS">The load's own rise, drawn up to this time constant, s.</param>
/// <param name="Jitter">Standard deviation of an update's moment, in periods.</param>
/// <param name="StepToNoise">Step of the load over the noise of one value.</param>
internal sealed record LagClass(
    string Name, double PeriodS, double AveragingS, bool Filter = false, bool ResponseKnown = true, double PollS = 0,
    double LongestRiseS = 0, double Jitter = 0, double StepToNoise = 20)
{
    /// <summary>The error of a delay that is allowed, s: 5 % of the period or 2 ms, whichever is larger.</summary>
    public double AllowedS => Math.Max(0.05 * PeriodS, 0.002);

    /// <summary>Every class of the table.</summary>
    public static IReadOnlyList<LagClass> All { get; } =
    [
        .. Kind("1 s, mean of 0.5 s", 1, 0.5, 0.093),
        .. Kind("100 ms", 0.1, 0.1, 0.017),
        .. Kind("10 ms", 0.01, 0.01, 0.0021),
        .. Kind("1 ms", 0.001, 0.001, 0.00023),
    ];

    private static IEnumerable<LagClass> Kind(string name, double period, double window, double poll)
    {
        yield return new LagClass($"{name}, stream", period, window);
        yield return new LagClass($"{name}, uneven beat", period, window, Jitter: 0.02);
        yield return new LagClass($"{name}, polled", period, window, PollS: poll);
        yield return new LagClass($"{name}, polled in step with it", period, window, PollS: period / 10);
        yield return new LagClass($"{name}, window not known", period, window, ResponseKnown: false);
        yield return new LagClass($"{name}, filter not known", period, 0.7 * period, Filter: true, ResponseKnown: false);
        yield return new LagClass($"{name}, load rises up to 20 ms", period, window, LongestRiseS: 0.02);
    }
}
