using MeterLab.Coverage.Baseline;

namespace MeterLab.Measurement.Tests.Coverage;

/// <summary>A part of the table in docs/baselines.md, with a fixed seed: <c>dotnet run -c Release --project tests/Coverage -- baseline</c> prints the whole.</summary>
public sealed class BaselineCoverageTests
{
    private const int Pairs = 150;
    private const int Seed = 20260103;

    // What chance allows of a share of 93 % that is true: 2.5 standard deviations of so many baselines.
    private static readonly double LeastCoverage = BaselineCell.LeastCoverage - 2.5 * Math.Sqrt(0.93 * 0.07 / (2 * Pairs));

    public static TheoryData<string, double> Cells =>
        new(from stretch in new[] { 20.0, 60.0, 120.0 } from kind in BaselineTable.Kinds(stretch) where !new BaselineCell(kind, RestMeter.Quick, stretch).IsHidden select (kind.Name, stretch));

    [Theory]
    [MemberData(nameof(Cells))]
    public void An_idle_power_lies_within_what_it_states(string kind, double seconds)
    {
        var cell = new BaselineCell(BaselineTable.Kinds(seconds).Single(noise => noise.Name == kind), RestMeter.Quick, seconds);
        var found = cell.Simulate(Pairs, Seed);

        Assert.True(found.Coverage >= LeastCoverage, $"{found}");
        Assert.True(found.Ratio95 <= 1.2 && (!cell.IsLong || found.Ratio95 >= 0.58), $"{found}");
        // 1 % of pairs may be said to differ; beyond 4 % of 150 chance has no part in it.
        Assert.True(found.Differ <= 0.04, $"{found}");
    }

    [Fact]
    public void A_coarse_meter_and_one_that_is_off_state_what_they_leave_open()
    {
        foreach (var meter in new[] { new RestMeter("off by 0.5 %", 1, 0.5, 0), new RestMeter("steps", 1, 0, 1) })
        {
            var found = new BaselineCell(RestNoise.White with { WhiteW = 0.02 }, meter, 60).Simulate(Pairs, Seed);
            Assert.True(found.Coverage >= LeastCoverage, $"{meter.Name}: {found}");
            Assert.InRange(found.Ratio95, BaselineCell.LeastRatio, BaselineCell.MostRatio);
        }
    }

    [Fact]
    public void A_wrong_interval_would_be_found()
    {
        var cell = new BaselineCell(RestNoise.White, RestMeter.Quick, 60);
        Assert.True(cell.Holds(new BaselineCoverage(0.95, 0.98, 1, 0.01)));
        Assert.False(cell.Holds(new BaselineCoverage(0.9, 1.2, 1, 0.01)));
        Assert.False(cell.Holds(new BaselineCoverage(1, 0.5, 1, 0.01)));
        // Where the memory is long against the stretch, a wide interval may stay.
        Assert.True((cell with { Noise = RestNoise.Memory(5) }).Holds(new BaselineCoverage(1, 0.5, 1, 0.01)));
    }
}
