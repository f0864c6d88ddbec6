using MeterLab.Estimators.Eco2Ai;

namespace MeterLab.Estimators.Tests.Eco2Ai;

public sealed class Eco2AiTests
{
    private static readonly string Text = Fixture.Text("handmade/eco2ai/emission.csv");

    [Fact]
    public void Rows_are_energies_and_named_by_their_project()
    {
        var output = new Eco2AiEstimator().Read(Handmade.Files("eco2ai"));

        Assert.Equal([3600, 1800], output.Rows.Select(row => row.EnergyJ));
        Assert.Equal(("a1b2", "night-1", 100.0, "2026-01-01T10:01:40"), (output.Rows[0].Run, output.Rows[0].Project, output.Rows[0].DurationS, output.Rows[0].EndedLocal));
        Handmade.IsUnverified(output.Rows[0].Findings);
    }

    [Fact]
    public void The_run_gets_the_row_of_its_name()
    {
        var estimate = Handmade.Estimate(new Eco2AiEstimator(), 1, 99, Handmade.Files("eco2ai"));

        Assert.Equal(3600, estimate.EnergyJ);
        Handmade.IsUnverified(estimate.Findings);
        Handmade.IsRefused(Handmade.Estimate(new Eco2AiEstimator(), 1, 99, Handmade.Files("eco2ai"), "night-9"), "none names the run");
        Handmade.IsRefused(Handmade.Estimate(new Eco2AiEstimator(), 3600, 3650, [Fixture.Csv(Text.Split("\"c3d4")[0], "emission.csv")]), "an old row");
    }

    [Fact]
    public void A_cut_row_has_no_energy()
    {
        var row = new Eco2AiEstimator().Read([Fixture.Csv(Text[..^60], "emission.csv")]).Rows[1];

        Assert.Null(row.EnergyJ);
        Assert.Contains(row.Findings, finding => finding.Detail.Contains("cut off", StringComparison.Ordinal));
    }
}
