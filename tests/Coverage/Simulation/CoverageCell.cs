using MeterLab.Measurement.Energy;

namespace MeterLab.Coverage.Simulation;

/// <summary>What many windows of one class of meter and one shape of load showed.</summary>
internal sealed record CoverageCell
{
    /// <summary>Least share of windows whose true energy lies in the stated interval.</summary>
    public const double LeastCoverage = 0.93;

    /// <summary>Bounds of the 95th percentile of |error| / stated: below, the interval is wider than needed.</summary>
    public const double LeastRatio = 0.67;

    /// <summary>See <see cref="LeastRatio"/>.</summary>
    public const double MostRatio = 1.05;

    // Where most windows are refused, the meter cannot resolve the load, and the few others are those that happened to see nothing of it.
    private const double LeastJudged = 0.5;

    public required string Meter { get; init; }

    public required string Shape { get; init; }

    public required Placement Placement { get; init; }

    /// <summary>Windows simulated.</summary>
    public required int Windows { get; init; }

    /// <summary>Of them, found under-sampled: no interval was stated.</summary>
    public required int UnderSampled { get; init; }

    /// <summary>Of the others, the share whose truth lies in the interval.</summary>
    public required double Coverage { get; init; }

    /// <summary>95th percentile of |error| / stated.</summary>
    public required double Ratio { get; init; }

    /// <summary>Median of stated / energy.</summary>
    public required double MedianRelative { get; init; }

    /// <summary>Windows with neither interval nor that finding: always a fault.</summary>
    public required int Unexplained { get; init; }

    /// <summary>Whether enough windows have an interval to judge it.</summary>
    public bool IsJudged => Windows - UnderSampled > LeastJudged * Windows;

    /// <summary>Whether the cell holds what is wanted of it.</summary>
    public bool Holds => Unexplained == 0 && (!IsJudged || (Coverage >= LeastCoverage && Ratio is >= LeastRatio and <= MostRatio));

    /// <summary>Simulates a cell on as many cores as there are; the same seed gives the same cell.</summary>
    public static CoverageCell Simulate(MeterClass meter, LoadShape shape, Placement placement, int windows, int seed)
    {
        var results = new (double Ratio, double Relative, int Kind)[windows];
        Parallel.For(0, windows, i => results[i] = One(meter, shape, placement, HashCode(seed, i)));
        var judged = results.Where(result => result.Kind == 0).ToList();
        var ratios = judged.Select(result => result.Ratio).Order().ToArray();
        return new CoverageCell
        {
            Meter = meter.Name,
            Shape = shape.Name,
            Placement = placement,
            Windows = windows,
            UnderSampled = results.Count(result => result.Kind == 1),
            Unexplained = results.Count(result => result.Kind == 2),
            Coverage = ratios.Count(ratio => ratio <= 1) / (double)Math.Max(1, ratios.Length),
            Ratio = Quantile(ratios, 0.95),
            MedianRelative = Quantile([.. judged.Select(result => result.Relative).Order()], 0.5),
        };
    }

    private static (double Ratio, double Relative, int Kind) One(MeterClass meter, LoadShape shape, Placement placement, int seed)
    {
        var simulated = SimulatedWindow.Of(meter, shape, placement, new Draw(seed));
        var total = new TraceEnergy(simulated.Trace, meter.Facts).Of(simulated.Window, ValidityLimits.Default);
        if (total.Findings.Any(finding => finding.Rule == "under-sampled"))
            return (0, 0, 1);
        return total is { EnergyJ: { } energy, UncertaintyJ: { } stated }
            ? (Math.Abs(energy - simulated.TruthJ) / stated, stated / Math.Abs(energy), 0)
            : (0, 0, 2);
    }

    // Not string or object hashes, which differ from process to process.
    private static int HashCode(int seed, int index) => unchecked((seed * 486_187_739 + index) * 16_777_619 ^ (index << 7));

    private static double Quantile(double[] sorted, double share) => sorted.Length == 0 ? double.NaN : sorted[(int)(share * (sorted.Length - 1))];
}
