using MeterLab.Coverage.Calibration;
using MeterLab.Coverage.Change;

namespace MeterLab.Measurement.Tests.Calibration;

/// <summary>A part of the coverage tables: the whole is <c>dotnet run -c Release --project tests/Coverage -- calibration</c> and <c>-- change</c>.</summary>
public sealed class CoverageTests
{
    public static TheoryData<int> Kinds => [.. Enumerable.Range(0, Scenario.All.Count)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Intervals_contain_the_truth_as_often_as_they_say(int kind)
    {
        const int Machines = 150;
        var cell = CalibrationTable.Judge(Scenario.All[kind], Machines, seed: 100 + kind);

        Assert.Equal(0, cell.Undetermined);
        foreach (var interval in new[] { cell.Gain, cell.Unseen })
        {
            // 93 % less three standard deviations of so few machines; the table itself asks for 93 %.
            Assert.True(interval.Coverage >= 0.93 - 3 * Math.Sqrt(0.93 * 0.07 / Machines), $"{cell.Name}: {interval}");
            Assert.InRange(interval.Ratio95, 0.55, 1.25);
        }
    }

    [Fact]
    public void A_wrong_interval_would_be_found()
    {
        // Intervals of half the width contain the truth about two times in three.
        Assert.False(CalibrationTable.Holds(new Interval(0.68, 1.9)));
        Assert.False(CalibrationTable.Holds(new Interval(0.99, 0.5)));
        Assert.True(CalibrationTable.Holds(new Interval(0.95, 0.98)));
    }

    // 0.4 to 1.6 % of 3,000 is 1 % within three standard deviations.
    [Theory]
    [InlineData(10, 1, 0.5, 0, 3000, 0.004, 0.016)]
    [InlineData(3, 1, 0.5, 0, 3000, 0, 0.016)]
    [InlineData(3, 1, ChangeCase.Drawn, 0, 3000, 0.004, 0.016)]
    [InlineData(1, 1, 0, 0, 3000, 0.004, 0.016)]
    [InlineData(1, 1, 0, 2, 200, 0.95, 1)]
    [InlineData(3, 1, 0, 2, 200, 0.92, 1)]
    [InlineData(5, 1, 0, 2, 200, 0.95, 1)]
    [InlineData(10, 3, 0.5, 2, 200, 0.95, 1)]
    public void Changes_are_called_as_often_as_stated(int earlier, int since, double scatter, double change, int repetitions, double least, double most) =>
        Assert.InRange(ChangeTable.Share(new ChangeCase("", earlier, since, scatter, change, repetitions, null, null), seed: 3).Called, least, most);

    [Fact]
    public void A_pair_stands_out_of_the_nights_as_often_as_stated() =>
        Assert.InRange(ChangeTable.Share(new ChangeCase("", 1, 1, 0.5, 0, 3000, null, null), seed: 3).Beyond, 0.004, 0.016);
}
