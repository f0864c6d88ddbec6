using MeterLab.Measurement;
using MeterLab.Measurement.Lag;
using MeterLab.Measurement.Meters;
using MeterLab.Orchestrator.Targets;

namespace MeterLab.Orchestrator.Reconciliation;

/// <summary>
/// A second opinion on the edges of a sync pattern: a sensor inside the target saw the same load, and both are stamped by the target's own clock,
/// so that no meter and no other clock has a part in it. A meter's lag is as good as those edges.
/// </summary>
internal static class SensorLag
{
    private const double MaxDelayPeriods = 4;
    private const double MaxDelayFloorSeconds = 0.5;
    private const int Fewest = 12;

    // No load comes before its signal; less than this is the fit's own, not the stamps'.
    private const double NoEarlierSeconds = 0.005;

    /// <summary>What the target's sensors say of each pattern.</summary>
    public static IEnumerable<Finding> Of(TargetEvidence target) =>
        target.Patterns.SelectMany((pattern, k) => pattern.Sensors.Select(sensor => Of(target.Name, pattern, k + 1, sensor)));

    private static Finding Of(string target, PlayedPattern pattern, int number, SensorTrace sensor)
    {
        var what = FormattableString.Invariant($"{target}, sync pattern {number}: {sensor.Estimator}");
        if (sensor.EndNs.Count < Fewest)
            return new Finding("sensor-lag", Severity.Note, FormattableString.Invariant($"{what} told {sensor.EndNs.Count} values, too few for a second opinion."));
        var period = PeriodSeconds(sensor.EndNs);
        if (Edges(pattern.Edges) is not { } edges)
            return new Finding("sensor-lag", Severity.Note, $"{what}: the pattern has too few edges for a second opinion.");
        var lag = LagFit.Fit(
            [.. sensor.EndNs], [.. sensor.Watts], edges, new MeterResponse(period, period, 0), averagingKnown: false, Math.Max(MaxDelayFloorSeconds, MaxDelayPeriods * period));
        if (!lag.Visible)
            return new Finding("sensor-lag", Severity.Note, $"{what} gives no second opinion: {lag.Reason}.");
        var (delay, uncertainty) = (lag.DelaySeconds, 2 * lag.DelayUncertaintySeconds);
        var said = FormattableString.Invariant(
            $"{what} sees the load step by {lag.StepW:0.#} W, {delay * 1e3:0.0} ms after its edges, +/- {uncertainty * 1e3:0.0} ms (k = 2), averaging {lag.AveragingSeconds * 1e3:0.0} ms");
        return delay + uncertainty < -NoEarlierSeconds
            ? new Finding("sensor-lag", Severity.Warning, said + ". No load comes before its signal: the sensor's stamps or the pattern's are wrong, and the meters' lags with them.")
            : new Finding("sensor-lag", Severity.Note, said + ", a second opinion on when the load stepped.");
    }

    private static double PeriodSeconds(IReadOnlyList<long> endNs)
    {
        var spacings = endNs.Zip(endNs.Skip(1), (a, b) => b - a).Order().ToArray();
        return spacings[spacings.Length / 2] * 1e-9;
    }

    private static LoadPattern? Edges(IReadOnlyList<LoadEdge> played)
    {
        var (times, levels) = (new List<long>(), new List<bool>());
        foreach (var edge in played)
        {
            var middle = edge.BeforeNs + (edge.AfterNs - edge.BeforeNs) / 2;
            if (times.Count > 0 && middle <= times[^1])
                continue;
            times.Add(middle);
            levels.Add(edge.Busy);
        }

        return times.Count < 4 ? null : new LoadPattern(times, levels);
    }
}
