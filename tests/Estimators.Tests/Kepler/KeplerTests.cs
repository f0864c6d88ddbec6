using MeterLab.Estimators.Kepler;
using MeterLab.Measurement;

namespace MeterLab.Estimators.Tests.Kepler;

public sealed class KeplerTests
{
    private static readonly KeplerEstimator Estimator = new();
    private static readonly string Text = Fixture.Text("handmade/kepler/kepler.prom");

    [Theory]
    [InlineData("kepler/kepler.prom")]
    [InlineData("kepler/range.json")]
    public void Counters_of_package_and_memory_add_up_and_overlapping_zones_do_not(string file)
    {
        var row = Assert.Single(Estimator.Read([Handmade.File(file)]).Rows);

        Assert.Equal((20.0, 54 * 20.0), (row.DurationS, row.EnergyJ));
        Assert.Equal((1000.0, 80.0), (row.ComponentsJ["cpu"], row.ComponentsJ["ram"]));
        Handmade.IsUnverified(row.Findings);
    }

    [Fact]
    public void The_series_is_cut_to_the_run() => Assert.Equal(54 * 10.0, Handmade.Estimate(Estimator, 3, 13, Handmade.Files("kepler").Take(1).ToArray()).EnergyJ!.Value, 6);

    [Fact]
    public void One_scrape_says_nothing_of_a_run()
    {
        var row = Assert.Single(Estimator.Read([Fixture.Csv(Text.Split("# scraped 1767261605")[0], "kepler.prom")]).Rows);

        Assert.Null(row.EnergyJ);
        Assert.Contains(row.Findings, finding => finding is { Rule: "one-scrape", Severity: Severity.Invalid });
    }

    [Fact]
    public void A_restart_is_told_and_its_step_left_out()
    {
        var row = Assert.Single(Estimator.Read([Fixture.Csv(Text.Replace("zone=\"package\"} 2000", "zone=\"package\"} 3", StringComparison.Ordinal), "kepler.prom")]).Rows);

        Assert.Equal(15, row.DurationS);
        Assert.Equal(54 * 15.0, row.EnergyJ);
        Assert.Contains(row.Findings, finding => finding.Rule == "counter-reset");
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://ada:secret@localhost/metrics")]
    public void Only_an_http_address_without_a_password_is_fetched(string address)
    {
        var refused = Assert.Throws<ConfigurationException>(() => Estimator.Launch(new EstimatorSettings(address), "r"));

        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }
}
