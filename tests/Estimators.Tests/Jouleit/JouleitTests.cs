using MeterLab.Estimators.Jouleit;

namespace MeterLab.Estimators.Tests.Jouleit;

public sealed class JouleitTests
{
    [Fact]
    public void Microjoules_of_package_and_memory_are_read_and_placed_by_the_files_name()
    {
        var row = Assert.Single(new JouleitEstimator().Read(Handmade.Files("jouleit")).Rows);

        Assert.Equal((550.0, 10.0, "2026-01-01T10:00:10"), (Math.Round(row.EnergyJ!.Value, 6), row.DurationS, row.EndedLocal));
        Assert.Equal(550, Handmade.Estimate(new JouleitEstimator(), 0.5, 9.5, Handmade.Files("jouleit")).EnergyJ!.Value, 6);
        Handmade.IsUnverified(row.Findings);
    }

    [Fact]
    public void Without_a_time_nobody_can_tell_whose_it_is() =>
        Handmade.IsRefused(Handmade.Estimate(new JouleitEstimator(), 0.5, 9.5, [Fixture.Csv(Fixture.Text("handmade/jouleit/data1767261600.csv"), "data.csv")]), "no usable time");
}
