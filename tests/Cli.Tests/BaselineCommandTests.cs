using MeterLab.Cli.Hosting;
using MeterLab.Cli.Tests.Support;
using MeterLab.Measurement;
using MeterLab.VirtualRig;

namespace MeterLab.Cli.Tests;

public sealed class BaselineCommandTests
{
    private const string Rig =
        """
        rig: bench
        store: lab.db
        meters: { wall: { uri: "fake://bench", accuracy: { active-power: { reading: 0.5% } } } }
        targets: { here: { local: true, fed-by: [ { channel: wall/total, scope: wall-ac } ], hardware: { cpu: "Some processor", cpu-power: 65W }, estimators: [ml-co2-impact] } }
        limits: { baseline-age: 2d }
        """;

    [Fact]
    public async Task A_baseline_is_measured_shown_and_listed_and_one_that_rises_is_not_valid()
    {
        using var folder = new TemporaryFolder();
        var rig = folder.Write("rig.yaml", Rig);
        // The fake meter shows 20 W more every second.
        var measured = await CommandRun.OfAsync("baseline", "measure", "here", "--rig", rig, "--seconds", "4", "--settle-at-most", "2s", "--json");

        Assert.True(measured.ExitCode == 3, measured.Error);
        var json = measured.Json;
        Assert.Equal(("here", "wall-ac", false), (json.GetProperty("target").GetString(), json.GetProperty("scope").GetString(), json.GetProperty("steady").GetBoolean()));
        Assert.True(json.GetProperty("static_w").GetDouble() > 100);
        // The meter's own trace states no accuracy: what the rig file says has reached the budget.
        Assert.Equal(0.005 * json.GetProperty("static_w").GetDouble() / Math.Sqrt(3), json.GetProperty("u_meter_w").GetDouble(), 0.05);
        Assert.True(json.GetProperty("uncertainty_w").GetDouble() > json.GetProperty("u_meter_w").GetDouble());
        Assert.True(json.GetProperty("k").GetDouble() >= 2);
        Assert.True(json.GetProperty("duration_s").GetDouble() >= 3);
        Assert.Equal(2, (Time(json, "valid_until") - Time(json, "measured")).TotalDays, 1e-6);
        Assert.Equal(16, json.GetProperty("fingerprint").GetString()!.Length);
        var claim = Assert.Single(json.GetProperty("estimators_at_idle").EnumerateArray());
        Assert.Equal(("ml-co2-impact", 65.0), (claim.GetProperty("estimator").GetString(), Math.Round(claim.GetProperty("power_w").GetDouble(), 6)));

        var shown = await CommandRun.OfAsync("baseline", "show", "here", "--rig", rig, "--check", "--json");
        Assert.Equal((0, true), (shown.ExitCode, shown.Json.GetProperty("valid").GetBoolean()));
        Assert.Equal(json.GetProperty("static_w").GetDouble(), shown.Json.GetProperty("static_w").GetDouble());
        var listed = await CommandRun.OfAsync("baseline", "history", "here", "--rig", rig, "--json");
        Assert.Equal(1, listed.Json.GetProperty("baselines").GetArrayLength());
        var text = await CommandRun.OfAsync("baseline", "history", "here", "--rig", rig);
        Assert.Contains("wall-ac", text.Output, StringComparison.Ordinal);
        Assert.Contains("itself", text.Output, StringComparison.Ordinal);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, shown.Json.GetProperty("campaign").ValueKind);
    }

    [Theory]
    [InlineData("--scope", "gpu-dc", "wall-ac")]
    [InlineData("--uncertainty", "0.5", "0.5W")]
    [InlineData("--scope", "wall", "wall-ac")]
    public async Task What_cannot_be_measured_is_2_and_says_what_can(string option, string value, string says)
    {
        using var folder = new TemporaryFolder();
        var run = await CommandRun.OfAsync("baseline", "measure", "here", "--rig", folder.Write("rig.yaml", Rig), option, value);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_without_a_baseline_is_told_how_to_make_one()
    {
        using var lab = await StoredLab.CreateAsync();
        var run = await CommandRun.OfAsync("baseline", "show", "node1", "--db", lab.Path);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("meterlab baseline measure node1", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("backups", null, "backup.service")]
    [InlineData(null, "4@30s", "4W@30s")]
    public void Wishes_of_the_virtual_machine_that_make_no_sense_are_refused(string? services, string? fan, string says)
    {
        var e = Assert.Throws<ConfigurationException>(() => VirtualConditions.Apply(VirtualRigDefinition.Default(1), services, fan));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_virtual_machine_may_have_a_service_and_a_fan()
    {
        var rig = VirtualConditions.Apply(VirtualRigDefinition.Default(1), "backup", "4W@30s");
        Assert.True(rig.Services.Single(service => service.Name == "backup.service").Running);
        Assert.Equal(4, rig.World.RestScript.WattsAt(31) - VirtualRigDefinition.Default(1).World.RestScript.WattsAt(31), 1e-9);
        Assert.Equal(0, rig.World.RestScript.WattsAt(29) - VirtualRigDefinition.Default(1).World.RestScript.WattsAt(29), 1e-9);
    }

    private static DateTimeOffset Time(System.Text.Json.JsonElement json, string name) => json.GetProperty(name).GetDateTimeOffset();
}
