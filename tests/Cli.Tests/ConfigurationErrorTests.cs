using MeterLab.Cli.Hosting;
using MeterLab.Cli.Tests.Support;

namespace MeterLab.Cli.Tests;

/// <summary>A wrong file is exit code 2, with file, line, key and what would be right, whichever command reads it.</summary>
public sealed class ConfigurationErrorTests
{
    [Theory]
    [InlineData("rig: b\nmeters:\n  wall: { uri: \"fake://bench\", intervall: 1s }\n", 3, "meters.wall.intervall", "did you mean 'interval'?")]
    [InlineData("rig: b\nmeters:\n  wall: { uri: \"fake://bench\", interval: 1 }\n", 3, "meters.wall.interval", "write for instance 1s")]
    [InlineData("rig: b\nmeters:\n  wall: { uri: \"fake://bench\" }\n  wall: { uri: \"fake://bench\" }\n", 4, "wall", "a key may stand only once")]
    [InlineData("rig: b\nmeters: [wall]\n", 2, "meters", "a mapping (key: value) is wanted here")]
    public async Task Unknown_key_missing_unit_duplicate_name_and_wrong_type(string text, int line, string key, string right)
    {
        using var folder = new TemporaryFolder();
        var rig = folder.Write("rig.yaml", text);

        foreach (var command in new string[][] { ["check"], ["clock", "node1"], ["campaign", "list"], ["target", "check", "node1", "--json"] })
        {
            var run = await CommandRun.OfAsync([.. command, "--rig", rig]);

            Assert.Equal((2, ""), (run.ExitCode, run.Output));
            Assert.InRange(run.ErrorLines.Length, 1, 3);
            Assert.Contains($"{rig}:{line}:", run.Error, StringComparison.Ordinal);
            Assert.Contains(key, run.Error, StringComparison.Ordinal);
            Assert.Contains(right, run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_missing_rig_file_names_the_ways_to_another()
    {
        using var folder = new TemporaryFolder();

        var run = await CommandRun.OfAsync("check", "--rig", folder["none.yaml"]);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("--rig FILE", run.Error, StringComparison.Ordinal);
        Assert.Contains("meterlab init DIR", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_environment_names_the_rig_file_unless_an_option_does()
    {
        using var folder = new TemporaryFolder();
        var (asked, other) = (folder.Write("asked.yaml", "rig: asked\nrigg: x\n"), folder.Write("other.yaml", "rig: other\nrigg: x\n"));
        Environment.SetEnvironmentVariable(GlobalOptions.RigVariable, other);
        try
        {
            Assert.Contains(other, (await CommandRun.OfAsync("check")).Error, StringComparison.Ordinal);
            Assert.Contains(asked, (await CommandRun.OfAsync("check", "--rig", asked)).Error, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(GlobalOptions.RigVariable, null);
        }
    }

    [Fact]
    public async Task An_unknown_target_names_the_nearest()
    {
        using var folder = new TemporaryFolder();
        var rig = folder.Write("rig.yaml", "rig: b\ntargets: { node1: { local: true } }\n");

        var run = await CommandRun.OfAsync("clock", "node2", "--rig", rig);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("did you mean 'node1'?", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_finds_a_broken_campaign_file_and_still_looks_at_the_rest()
    {
        using var folder = new TemporaryFolder();
        var rig = folder.Write("rig.yaml", "rig: b\nmeters: { wall: { uri: \"fake://bench\" } }\n");
        Directory.CreateDirectory(folder["campaigns"]);
        folder.Write("campaigns/broken.yaml", "campaign: c\ntargets: [nowhere]\nworkloads: []\n");

        var run = await CommandRun.OfAsync("check", "--rig", rig, "--json");

        Assert.Equal(2, run.ExitCode);
        var findings = run.Json.GetProperty("findings").EnumerateArray().ToList();
        Assert.Contains(findings, row => row.GetProperty("rule").GetString() == "campaign-file" && row.GetProperty("severity").GetString() == "invalid");
        Assert.Contains(findings, row => row.GetProperty("subject").GetString() == "meter wall" && row.GetProperty("severity").GetString() == "note");
    }

    [Fact]
    public async Task Check_is_1_for_a_meter_that_is_down_and_names_a_channel_that_is_not_there()
    {
        using var folder = new TemporaryFolder();
        var rig = folder.Write(
            "rig.yaml",
            """
            rig: b
            meters: { wall: { uri: "fake://bench" }, gone: { uri: "fake://down" } }
            targets: { here: { local: true, fed-by: [ { channel: wall/l9, scope: wall-ac } ] } }
            """);

        var run = await CommandRun.OfAsync("check", "--rig", rig, "--json");

        Assert.Equal(1, run.ExitCode);
        Assert.False(run.Json.GetProperty("passed").GetBoolean());
        var invalid = run.Json.GetProperty("findings").EnumerateArray().Where(row => row.GetProperty("severity").GetString() == "invalid").ToList();
        Assert.Equal(
            [("meter wall", "channel"), ("meter gone", "meter")],
            invalid.Select(row => (row.GetProperty("subject").GetString()!, row.GetProperty("rule").GetString()!)));
    }
}
