using MeterLab.Cli.Tests.Support;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Orchestrator.Rigs;

namespace MeterLab.Cli.Tests;

public sealed class InitCommandTests
{
    [Fact]
    public async Task What_init_writes_loads_and_plans()
    {
        using var folder = new TemporaryFolder();

        var run = await CommandRun.OfAsync("init", folder["bench"]);

        Assert.True(run.ExitCode == 0, run.Error);
        var rig = RigFile.Load(folder["bench/rig.yaml"]);
        var campaign = CampaignFile.Load(folder["bench/campaigns/example.yaml"], rig);
        Assert.Equal(6, CampaignPlan.For(campaign, rig).Runs.Count);
        Assert.Equal(folder["bench/meterlab.db"], rig.StorePath);
    }

    [Fact]
    public async Task Nothing_is_overwritten_and_nothing_half_written()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["campaigns"]);
        folder.Write("campaigns/example.yaml", "mine");

        var run = await CommandRun.OfAsync("init", folder["."]);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("example.yaml", run.Error, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(folder["campaigns/example.yaml"], TestContext.Current.CancellationToken));
        Assert.False(File.Exists(folder["rig.yaml"]));
    }
}
