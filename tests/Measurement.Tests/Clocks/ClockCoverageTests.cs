using MeterLab.Coverage.Clocks;
using MeterLab.Measurement.Clocks;

namespace MeterLab.Measurement.Tests.Clocks;

/// <summary>A part of the table that <c>dotnet run -c Release --project tests/Coverage -- clock</c> prints: what a fit states holds on every kind of link.</summary>
public class ClockCoverageTests
{
    private const int Cases = 200;

    // Three standard deviations of a share of 93 % over so many cases.
    private const double Least = 0.93 - 3 * 0.018;

    public static TheoryData<string, string> Cells { get; } =
        new MatrixTheoryData<string, string>(LinkScenario.All.Select(s => s.Name), ClockTable.Schedules.Select(s => s.Name));

    public static TheoryData<string, double> Steps { get; } =
        new MatrixTheoryData<string, double>(["clock, 1 s", "clock, 3 s", "campaign, 20 s", "campaign, 300 s"], [0.002, 0.05, 6, 3600]);

    private static LinkScenario Link(string name) => LinkScenario.All.First(s => s.Name == name);

    private static ProbeSchedule Schedule(string name) => ClockTable.Schedules.First(s => s.Name == name);

    [Theory]
    [MemberData(nameof(Cells))]
    public void Offset_and_rate_lie_within_what_is_stated_at_any_rate_up_to_600_ppm(string link, string schedule)
    {
        var row = ClockCoverage.Of(Link(link), Schedule(schedule), Cases, 7);
        Assert.True(row.Offset >= Least && row.Anywhere >= Least && row.Rate >= Least, row.ToString());
        // And no wider than needed: half the shortest round trip cannot be known, the rest can.
        Assert.True(row.RateU <= 20 * row.RateError + 0.2, row.ToString());
        Assert.Equal(0, row.Split);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_step_of_either_sign_is_placed_between_the_two_probes_around_it(string schedule, double sizeS)
    {
        var row = StepCoverage.Of(Link("quiet"), Schedule(schedule), sizeS, 1.2 * sizeS, 100, 3);
        Assert.Equal(1, row.Contained);
        Assert.True(row is { Found: >= 0.95, Exact: >= 0.95, Size: >= 0.95, Offset: >= 0.95 }, row.ToString());
    }

    [Fact]
    public void On_a_congested_link_a_step_that_shows_is_never_placed_where_it_was_not()
    {
        foreach (var link in (string[])["answers delayed 0-20 ms", "congested both ways", "congested in spells, one way"])
        {
            var row = StepCoverage.Of(Link(link), Schedule("campaign, 300 s"), 0.03, 1, 100, 3);
            Assert.Equal(1, row.Contained);
            Assert.True(row is { Found: >= 0.93, Size: >= 0.93, Offset: >= 0.93 }, $"{link}: {row}");
        }
    }

    [Theory]
    [InlineData(500)]
    [InlineData(-300)]
    public void A_clock_that_a_time_service_begins_to_slew_bends_and_does_not_step(double ppm)
    {
        var random = new Random(5);
        var inside = 0;
        for (var i = 0; i < Cases; i++)
        {
            var one = ClockCase.Draw(random, Link("quiet"), Schedule("campaign, 300 s"), 100 * random.NextDouble(), slew: (60 + 180 * random.NextDouble(), ppm));
            var fit = ClockFit.Fit(one.Probes, ClockId.Target("simulated"));
            Assert.Empty(fit.Steps);
            var at = one.Span.FromNs + (long)((one.Span.ToNs - one.Span.FromNs) * random.NextDouble());
            var map = fit.SegmentAt(at);
            Assert.NotNull(map);
            var reading = new ClockReading(map.From, at);
            inside += Math.Abs(map.Map(reading).Nanoseconds - one.RemoteAt(at)) <= 2 * map.UncertaintyNsAt(reading) ? 1 : 0;
        }

        Assert.True(inside >= Least * Cases, $"{inside} of {Cases}");
    }

    [Fact]
    public void A_burst_alone_states_how_little_it_knows_of_the_rate()
    {
        var one = ClockCase.Draw(new Random(1), Link("quiet"), new ProbeSchedule("one burst", 0, 1, 6), 500);
        var map = Assert.Single(ClockFit.Fit(one.Probes, ClockId.Target("simulated")).Segments);
        Assert.InRange(Math.Abs(map.Rate * 1e6 - 500), 0, 2e6 * map.RateUncertainty);
    }
}
