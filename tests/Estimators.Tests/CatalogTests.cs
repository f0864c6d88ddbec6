namespace MeterLab.Estimators.Tests;

/// <summary>What every estimator must tell of itself.</summary>
public sealed class CatalogTests
{
    public static TheoryData<string> Names => [.. EstimatorCatalog.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_estimator_tells_its_scope_clock_and_what_to_install(string name)
    {
        var facts = EstimatorCatalog.Find(name).Facts;

        Assert.NotEmpty(facts.Scopes);
        Assert.All([facts.Covers, facts.LeavesOut, facts.Clock, facts.Install, facts.Source], text => Assert.False(string.IsNullOrWhiteSpace(text)));
        Assert.Equal(facts.RunsOnTarget, facts.OwnFiles.Count > 0);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_launch_is_in_UTC_ends_by_a_known_signal_and_names_a_need(string name)
    {
        var estimator = EstimatorCatalog.Find(name);
        if (estimator.Launch(new EstimatorSettings(), "night-1") is not { } launch)
            return;

        Assert.Equal("UTC", launch.Environment["TZ"]);
        Assert.Contains(launch.StopSignal, new[] { "TERM", "INT", EstimatorLaunch.NoSignal });
        Assert.Contains(estimator.Facts.Needs, need => need is { Kind: NeedKind.Program, Essential: true });
        Assert.Null(estimator.Launch(new EstimatorSettings(SelfTracked: true), "night-1"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_file_is_no_energy_and_never_zero(string name)
    {
        var estimate = Handmade.Estimate(EstimatorCatalog.Find(name), 0, 60, []);

        Assert.Null(estimate.EnergyJ);
        Assert.Contains(estimate.Findings, finding => finding.Severity == Measurement.Severity.Invalid);
    }
}
