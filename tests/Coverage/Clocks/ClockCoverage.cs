using MeterLab.Measurement.Clocks;

namespace MeterLab.Coverage.Clocks;

/// <summary>How well what a fit states holds, over many drawn clocks of one kind.</summary>
internal sealed record ClockCoverage
{
    /// <summary>Cases.</summary>
    public required int Cases { get; init; }

    /// <summary>Share of cases whose offset error at the reference time lies within U (k = 2).</summary>
    public required double Offset { get; init; }

    /// <summary>The same at a moment drawn anywhere between the first and the last probe.</summary>
    public required double Anywhere { get; init; }

    /// <summary>Share of cases whose rate error lies within U.</summary>
    public required double Rate { get; init; }

    /// <summary>Median stated U of the offset, s.</summary>
    public required double OffsetU { get; init; }

    /// <summary>Median offset error without sign, s.</summary>
    public required double OffsetError { get; init; }

    /// <summary>Median stated U of the rate, ppm.</summary>
    public required double RateU { get; init; }

    /// <summary>Median rate error without sign, ppm.</summary>
    public required double RateError { get; init; }

    /// <summary>Share of cases in which a step was reported where none was, or pieces that the clock did not have.</summary>
    public required double Split { get; init; }

    /// <summary>Draws and fits.</summary>
    public static ClockCoverage Of(LinkScenario scenario, ProbeSchedule schedule, int cases, int seed)
    {
        var random = new Random(seed);
        var rows = new List<(double Offset, double OffsetU, double Anywhere, double AnywhereU, double Rate, double RateU, bool Split)>(cases);
        for (var i = 0; i < cases; i++)
        {
            var one = ClockCase.Draw(random, scenario, schedule, 1200 * (random.NextDouble() - 0.5));
            var fit = ClockFit.Fit(one.Probes, ClockId.Target("simulated"));
            var map = fit.Segments[^1];
            var (from, to) = (Math.Max(one.Span.FromNs, map.ValidFromNs), Math.Min(one.Span.ToNs, map.ValidToNs));
            var anywhere = from + (long)((to - from) * random.NextDouble());
            var reference = Math.Clamp(map.ReferenceNs, map.ValidFromNs, map.ValidToNs);
            rows.Add((
                Error(one, map, reference), 2 * map.UncertaintyNsAt(new(map.From, reference)),
                Error(one, map, anywhere), 2 * map.UncertaintyNsAt(new(map.From, anywhere)),
                Math.Abs(map.Rate - one.RateBetween(from, to)) * 1e6, 2e6 * map.RateUncertainty,
                fit.Segments.Count > 1 || fit.Steps.Count > 0));
        }

        return new ClockCoverage
        {
            Cases = cases,
            Offset = rows.Count(r => r.Offset <= r.OffsetU) / (double)cases,
            Anywhere = rows.Count(r => r.Anywhere <= r.AnywhereU) / (double)cases,
            Rate = rows.Count(r => r.Rate <= r.RateU) / (double)cases,
            OffsetU = Median(rows.Select(r => r.OffsetU * 1e-9)),
            OffsetError = Median(rows.Select(r => r.Offset * 1e-9)),
            RateU = Median(rows.Select(r => r.RateU)),
            RateError = Median(rows.Select(r => r.Rate)),
            Split = rows.Count(r => r.Split) / (double)cases,
        };
    }

    private static double Error(ClockCase one, ClockMap map, long lineNs) =>
        Math.Abs((double)(map.Map(new ClockReading(map.From, lineNs)).Nanoseconds - one.RemoteAt(lineNs)));

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
