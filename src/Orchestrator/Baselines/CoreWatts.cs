namespace MeterLab.Orchestrator.Baselines;

/// <summary>
/// What a busy processor adds to a machine's power, from the load steps of a baseline. It differs with how much else is going on: on a resting
/// machine the first one wakes what all share, on a busy one it takes clock rate from the others.
/// </summary>
/// <param name="Watts">W a busy processor: the middle of what the steps show.</param>
/// <param name="StandardWatts">Standard uncertainty: the range of what they show as a rectangle, and the steps' own, W.</param>
public sealed record CoreWatts(double Watts, double StandardWatts)
{
    /// <summary>From a curve and the baseline it belongs to; null where no step was busier than rest.</summary>
    public static CoreWatts? Of(PowerCurve curve, BaselineResult baseline)
    {
        ArgumentNullException.ThrowIfNull(curve);
        ArgumentNullException.ThrowIfNull(baseline);
        PowerStep[] points = [new PowerStep(0, 0, baseline.StaticW, baseline.URandomW), .. curve.Steps.OrderBy(step => step.BusyCores)];
        var slopes = new List<(double Watts, double Standard)>();
        // From rest to each, and from each to the next.
        for (var to = 1; to < points.Length; to++)
        {
            foreach (var from in new[] { 0, to - 1 }.Distinct())
            {
                var busy = points[to].BusyCores - points[from].BusyCores;
                if (busy > 0.1)
                    slopes.Add(((points[to].PowerW - points[from].PowerW) / busy, Math.Sqrt(points[to].UW * points[to].UW + points[from].UW * points[from].UW) / busy));
            }
        }

        if (slopes.Count == 0)
            return null;
        var (low, high) = (Math.Max(0, slopes.Min(slope => slope.Watts)), Math.Max(0, slopes.Max(slope => slope.Watts)));
        var half = (high - low) / 2;
        var own = slopes.Max(slope => slope.Standard);
        return new CoreWatts(low + half, Math.Sqrt(half * half / 3 + own * own));
    }
}
