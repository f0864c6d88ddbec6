using MeterLab.Coverage;
using MeterLab.Coverage.Simulation;

namespace MeterLab.Measurement.Tests.Coverage;

/// <summary>
/// A part of the table in docs/coverage.md, with a fixed seed: the true energy of simulated rigs lies in the stated interval as often as it
/// must, the interval is no wider than needed, in each cell taken alone.
/// </summary>
public class EnergyCoverageTests
{
    private const int Windows = 1000;
    private const int Seed = 20260101;

    public static TheoryData<string, string> Cells()
    {
        var cells = new TheoryData<string, string>();
        // The quickest meters take the longest to simulate and are the easiest to get right: the table has them, at every shape.
        foreach (var meter in MeterClass.All.Where(meter => meter.Response.UpdatePeriodSeconds >= 0.1))
        {
            foreach (var shape in LoadShape.All)
                cells.Add(meter.Name, shape.Name);
        }

        cells.Add("10 ms shunt", "epochs");
        cells.Add("1 ms stream", "bursts");
        return cells;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void The_truth_lies_in_the_interval_and_the_interval_is_no_wider_than_needed(string meterName, string shapeName)
    {
        var meter = MeterClass.All.Single(meter => meter.Name == meterName);
        var shape = LoadShape.All.Single(shape => shape.Name == shapeName);
        foreach (var placement in Enum.GetValues<Placement>())
        {
            var cell = CoverageCell.Simulate(meter, shape, placement, Windows, Seed);
            Assert.True(cell.Holds, FormattableString.Invariant(
                $"{placement}: coverage {cell.Coverage:P1}, 95th percentile of error / stated {cell.Ratio:0.00}, {cell.UnderSampled} under-sampled, {cell.Unexplained} without an interval"));
        }
    }

    [Theory]
    [InlineData("1 s, 50 ms snapshot", "spikes", true)]
    [InlineData("1 s, 50 ms snapshot", "constant", false)]
    [InlineData("1 s, 50 ms snapshot", "ramp", false)]
    [InlineData("1 s mean, class 1", "spikes", false)]
    [InlineData("1 s mean, class 1", "bursts", false)]
    public void Under_sampled_is_said_where_peaks_hide_between_snapshots_and_hardly_ever_elsewhere(string meterName, string shapeName, bool hidden)
    {
        var cell = CoverageCell.Simulate(
            MeterClass.All.Single(meter => meter.Name == meterName), LoadShape.All.Single(shape => shape.Name == shapeName), Placement.Anywhere, Windows, Seed);
        if (hidden)
            Assert.True(cell.UnderSampled > 0.9 * Windows, $"{cell.UnderSampled} of {Windows}");
        else
            Assert.True(cell.UnderSampled < 0.01 * Windows, $"{cell.UnderSampled} of {Windows}");
    }
}
