using System.Globalization;
using System.Text.RegularExpressions;

using MeterLab.Estimators;
using MeterLab.Measurement;
using MeterLab.Measurement.Lag;
using MeterLab.Orchestrator.Reconciliation;
using MeterLab.Orchestrator.Targets;

namespace MeterLab.Orchestrator.Tests.Reconciliation;

/// <summary>What a sensor of the target says of a sync pattern: with a known lag, with an impossible one, and where it saw nothing.</summary>
public sealed partial class SensorLagTests
{
    private const long Start = 1_767_225_600_000_000_000;
    private const double Interval = 0.05;
    private static readonly SyncPattern Pattern = SyncPattern.Create(5, 0.05);

    [Fact]
    public void A_sensor_that_is_late_tells_by_how_much_within_what_it_states()
    {
        var finding = Assert.Single(SensorLag.Of(Seen(0.03, 80)));
        Assert.Equal(("sensor-lag", Severity.Note), (finding.Rule, finding.Severity));
        var (step, delay, uncertainty) = Figures(finding.Detail);
        Assert.InRange(Math.Abs(delay - 30), 0, uncertainty);
        Assert.InRange(uncertainty, 0.01, 10);
        Assert.Equal(80, step, 1.0);
    }

    [Fact]
    public void A_load_that_is_seen_before_its_signal_is_a_warning()
    {
        var finding = Assert.Single(SensorLag.Of(Seen(-0.06, 80)));
        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.Contains("No load comes before its signal", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sensor_that_saw_nothing_gives_no_opinion()
    {
        var finding = Assert.Single(SensorLag.Of(Seen(0.03, 0)));
        Assert.Equal(Severity.Note, finding.Severity);
        Assert.Contains("gives no second opinion", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sensor_that_said_nothing_is_named_with_the_number_of_its_values() =>
        Assert.Contains("rapl told 0 values", Assert.Single(SensorLag.Of(Target(new SensorTrace("rapl", [], [])))).Detail, StringComparison.Ordinal);

    private static (double StepW, double DelayMs, double UncertaintyMs) Figures(string detail)
    {
        var match = Said().Match(detail);
        Assert.True(match.Success, detail);
        return (Number(match, 1), Number(match, 2), Number(match, 3));
    }

    private static double Number(Match match, int group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"step by ([\d.]+) W, (-?[\d.]+) ms after its edges, \+/- ([\d.]+) ms")]
    private static partial Regex Said();

    // Means of 50 ms of a power that follows the pattern after a delay, with a watt of noise.
    private static TargetEvidence Seen(double delayS, double stepW)
    {
        var (ends, watts) = (new List<long>(), new List<double>());
        var noise = new Random(7);
        for (var end = -1.0; end < Pattern.Seconds + 1; end += Interval)
        {
            var busy = Enumerable.Range(0, 50).Average(i => Busy(end - Interval * (i + 0.5) / 50 - delayS) ? 1.0 : 0);
            ends.Add(Start + (long)(end * 1e9));
            watts.Add(60 + stepW * busy + noise.NextDouble() * 2 - 1);
        }

        return Target(new SensorTrace("rapl", ends, watts));
    }

    private static bool Busy(double seconds) =>
        seconds >= 0 && seconds < Pattern.Seconds && Pattern.Bits[(int)(seconds / Pattern.ChipSeconds)];

    private static TargetEvidence Target(SensorTrace trace) => new()
    {
        Name = "node1",
        Feeds = [],
        Hardware = new Hardware(),
        Clock = [],
        Patterns = [new PlayedPattern(0, 1, Edges()) { Sensors = [trace] }],
    };

    private static List<LoadEdge> Edges()
    {
        var edges = new List<LoadEdge>();
        for (var i = 1; i < Pattern.Bits.Count; i++)
        {
            var at = Start + (long)(i * Pattern.ChipSeconds * 1e9);
            if (Pattern.Bits[i] != Pattern.Bits[i - 1])
                edges.Add(new LoadEdge(Pattern.Bits[i], at - 50_000, at + 50_000));
        }

        return edges;
    }
}
