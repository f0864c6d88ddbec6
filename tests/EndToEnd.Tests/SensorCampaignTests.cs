using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

using MeterLab.Measurement.Clocks;
using MeterLab.Storage;
using MeterLab.TestKit;

namespace MeterLab.EndToEnd.Tests;

/// <summary>Estimators and sensors on a target that is reached by SSH: launched, stopped, fetched, read and compared by the product alone.</summary>
[Collection(Campaigns.Name)]
public class SensorCampaignTests
{
    private const double ControllerW = 287.5;

    private const string Rig = """
        rig: bench
        known-hosts: known_hosts
        meters:
          wall: { uri: "virtual://wall", interval: 50ms }
        targets:
          node1:
            ssh: USER@127.0.0.1:PORT
            identity: IDENTITY
            fed-by: [ { channel: wall/total, scope: wall-ac } ]
            grid-intensity: 360g/kWh
            estimators: ESTIMATORS
        """;

    private const string Campaign = """
        campaign: sensors
        targets: [node1]
        workloads:
          - { name: work, run: [sh, -c, "sleep 1.5; echo SECOND >COUNTER; sleep 1"], device: cpu }
          - { name: rest, run: [sleep, "2"], device: cpu }
        order: as-written
        phases: { settle: 300ms, baseline: 1s, cool-down: 300ms, sync: off }
        """;

    [Fact]
    public async Task Codecarbon_nvidia_smi_ipmitool_redfish_and_the_processors_counters_end_in_attributed_energies()
    {
        Assert.SkipWhen(Sshd.Missing is not null, Sshd.Missing ?? "");
        Assert.SkipWhen(BoardController.Missing is not null, BoardController.Missing ?? "");
        using var folder = new Folder();
        using var controller = await BoardController.StartAsync(folder, Path.Combine(folder.Path, "home"), ControllerW);
        controller.Tell(null, certificate: true);
        await using var sshd = await StartAsync(folder, RepositoryFiles.Path("tests", "EndToEnd.Tests", "StandIns"));
        folder.Write("powercap/intel-rapl:0/name", "package-0\n");
        folder.Write("powercap/intel-rapl:0/max_energy_range_uj", "262143328850\n");
        // The workload takes it over the end of its range: 250 J by then, and as much after.
        var counter = folder.Write("powercap/intel-rapl:0/energy_uj", "262043328850\n");
        WriteRig(folder, sshd, $$"""[ codecarbon, nvidia-smi, ipmi-dcmi: { interval: 500ms }, redfish: { command: "{{controller.Address}}", interval: 500ms }, rapl: { root: "{{folder.Path}}/powercap", interval: 50ms }, cpu-load ]""");
        folder.Write("campaign.yaml", Campaign.Replace("SECOND", "150000000", StringComparison.Ordinal).Replace("COUNTER", counter, StringComparison.Ordinal));

        var result = await MeterLabProcess.RunAsync(folder.Path, "campaign", "run", "campaign.yaml", "--accept-new-host-key", "--json");

        Assert.True(result.ExitCode is 0 or 3, result.Error);
        using var document = JsonDocument.Parse(result.Output);
        ResultsContract.Check(document.RootElement);
        var runs = document.RootElement.GetProperty("runs").EnumerateArray().ToArray();
        Assert.Equal(["passed", "passed"], runs.Select(run => run.GetProperty("outcome").GetString()));
        foreach (var run in runs)
            CheckConstants(run);
        Assert.Equal(250, Joules(runs[0], "rapl"), 1e-3);
        Assert.Contains("counter-wrap", Rules(runs[0], "rapl"));
        // Nothing was used in the second run: that is no energy, and no zero that anybody compares.
        Assert.Equal(JsonValueKind.Null, Of(runs[1], "rapl").GetProperty("energy_j").ValueKind);
        // What they claim for doing nothing, before the runs.
        var idle = document.RootElement.GetProperty("estimators_at_idle").EnumerateArray().ToDictionary(row => row.GetProperty("estimator").GetString()!, row => row.GetProperty("power_w"));
        Assert.Equal(["codecarbon", "ipmi-dcmi", "nvidia-smi", "rapl", "redfish"], idle.Keys.Order());
        Assert.Equal((321, 300), (Math.Round(idle["ipmi-dcmi"].GetDouble()), Math.Round(idle["nvidia-smi"].GetDouble())));
        Assert.Equal(JsonValueKind.Null, idle["rapl"].ValueKind);
        // A second is too short to share: they ran together, which stands beside every claim.
        Assert.All(document.RootElement.GetProperty("estimators_at_idle").EnumerateArray(), row => Assert.Equal(4, row.GetProperty("beside").GetArrayLength()));
        Assert.Contains(document.RootElement.GetProperty("findings").EnumerateArray(), finding =>
            finding.GetProperty("rule").GetString() == "estimators-at-idle" && finding.GetProperty("detail").GetString()!.Contains("phases: baseline: 50s", StringComparison.Ordinal));

        HoldsNoSecret(folder, controller.Password, result);

        var check = await MeterLabProcess.RunAsync(folder.Path, "check", "--json");
        Assert.Contains($"redfish would work: curl; {controller.Address}", check.Output.Replace("/usr/bin/curl", "curl", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("codecarbon would work: ", check.Output, StringComparison.Ordinal);
        Assert.Contains("codecarbon v3.3.0", check.Output, StringComparison.Ordinal);
        Assert.Contains("nvidia-smi would work: ", check.Output, StringComparison.Ordinal);
        Assert.Contains("ipmi-dcmi would work: ", check.Output, StringComparison.Ordinal);
        Assert.Contains("rapl would work", check.Output, StringComparison.Ordinal);
        Assert.Contains("scaphandre would not work: there is no program 'scaphandre' on the target", check.Output, StringComparison.Ordinal);
    }

    // A controller whose certificate nobody vouches for is not asked, and one that refuses the password is not taken for one without power.
    [Theory]
    [InlineData(null, false, "curl: (60)")]
    [InlineData("wrong", true, "401")]
    public async Task A_controller_that_cannot_be_trusted_or_does_not_trust_us_would_not_work(string? password, bool certificate, string why)
    {
        Assert.SkipWhen(Sshd.Missing is not null, Sshd.Missing ?? "");
        Assert.SkipWhen(BoardController.Missing is not null, BoardController.Missing ?? "");
        using var folder = new Folder();
        using var controller = await BoardController.StartAsync(folder, Path.Combine(folder.Path, "home"), ControllerW);
        controller.Tell(password, certificate);
        await using var sshd = await StartAsync(folder, "/usr/sbin");
        WriteRig(folder, sshd, $$"""[ redfish: { command: "{{controller.Address}}" } ]""");

        var check = await MeterLabProcess.RunAsync(folder.Path, "check", "--accept-new-host-key", "--json");

        Assert.Contains($"redfish would not work: {controller.Address} does not tell it (curl: (", check.Output, StringComparison.Ordinal);
        Assert.Contains(why, check.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(controller.Password, check.Output + check.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_processors_counters_see_the_sync_pattern_and_tell_when_the_load_really_stepped()
    {
        Assert.SkipWhen(Sshd.Missing is not null, Sshd.Missing ?? "");
        using var folder = new Folder();
        await using var sshd = await StartAsync(folder, "/usr/bin");
        folder.Write("powercap/intel-rapl:0/name", "package-0\n");
        folder.Write("powercap/intel-rapl:0/max_energy_range_uj", "262143328850\n");
        var counter = folder.Write("powercap/intel-rapl:0/energy_uj", "0\n");
        folder.Write("rig.yaml", $$"""
            rig: bench
            known-hosts: known_hosts
            meters:
              cpu12v: { uri: "virtual://cpu12v" }
            targets:
              node1:
                ssh: {{sshd.User}}@127.0.0.1:{{sshd.Port}}
                identity: {{sshd.IdentityFile}}
                fed-by: [ { channel: cpu12v/ch1, scope: cpu-dc } ]
                estimators: [ rapl: { root: "{{folder.Path}}/powercap", interval: 20ms } ]
            """);
        folder.Write("campaign.yaml", """
            campaign: second-opinion
            targets: [node1]
            workloads:
              - { name: rest, run: [sleep, "1"], device: cpu }
            phases: { settle: 300ms, baseline: 1s, cool-down: 300ms }
            """);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var following = FollowAsync(Path.Combine(folder.Path, "home"), counter, stop.Token);

        var result = await MeterLabProcess.RunAsync(folder.Path, "campaign", "run", "campaign.yaml", "--accept-new-host-key", "--json");

        await stop.CancelAsync();
        await following;
        Assert.True(result.ExitCode is 0 or 3, result.Error);
        using var document = JsonDocument.Parse(result.Output);
        var opinions = document.RootElement.GetProperty("findings").EnumerateArray().Where(finding => finding.GetProperty("rule").GetString() == "sensor-lag")
            .Select(finding => finding.GetProperty("detail").GetString()!).ToArray();
        Assert.Equal(2, opinions.Length);
        // The counter follows the edges' file, which is written after the load's signal: by 100 W, some milliseconds late.
        Assert.All(opinions, said => Assert.Matches(@"^node1, sync pattern [12]: rapl sees the load step by (9[0-9]|10[0-9])(\.\d)? W, -?\d+\.\d ms after its edges", said));
    }

    // A processor whose power follows the sync pattern's edges: 150 W while the load is on, 50 W otherwise.
    private static async Task FollowAsync(string home, string counter, CancellationToken cancellationToken)
    {
        var (joules, last) = (0.0, Stopwatch.GetTimestamp());
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(5, CancellationToken.None);
            var edges = Directory.EnumerateFiles(home, "edges", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = true }).FirstOrDefault();
            var busy = edges is not null && LastLine(edges) is { } line && line.StartsWith('1');
            var now = Stopwatch.GetTimestamp();
            joules += (busy ? 150 : 50) * Stopwatch.GetElapsedTime(last, now).TotalSeconds;
            last = now;
            // In one piece, as the kernel's counter is.
            await File.WriteAllTextAsync(counter + ".next", string.Create(CultureInfo.InvariantCulture, $"{joules * 1e6:0}\n"), CancellationToken.None);
            File.Move(counter + ".next", counter, overwrite: true);
        }
    }

    private static string? LastLine(string path)
    {
        try
        {
            return File.ReadLines(path).LastOrDefault();
        }
        catch (IOException)
        {
            // Taken away between two looks: the pattern has ended.
            return null;
        }
    }

    [Fact]
    public async Task A_genuine_codecarbon_on_the_target_yields_an_energy_for_each_of_three_workloads()
    {
        Assert.SkipWhen(Sshd.Missing is not null, Sshd.Missing ?? "");
        Assert.SkipUnless(Program("codecarbon") is not null, "not in Debian: codecarbon (pip install codecarbon, on the PATH)");
        using var folder = new Folder();
        await using var sshd = await StartAsync(folder, Path.GetDirectoryName(Program("codecarbon"))!);
        WriteRig(folder, sshd, "[ codecarbon: { interval: 1s } ]");
        folder.Write("campaign.yaml", """
            campaign: genuine
            targets: [node1]
            workloads:
              - { name: rest, run: [sleep, "5"], device: cpu }
              - { name: spin, script: "timeout 5 sh -c 'while :; do :; done'; exit 0", device: cpu }
              - { name: hash, script: "timeout 5 sha256sum /dev/zero; exit 0", device: cpu }
            phases: { settle: 300ms, baseline: 1s, cool-down: 300ms, sync: off }
            """);

        var result = await MeterLabProcess.RunAsync(folder.Path, "campaign", "run", "campaign.yaml", "--accept-new-host-key", "--json");

        Assert.True(result.ExitCode is 0 or 3, result.Error);
        using var document = JsonDocument.Parse(result.Output);
        var runs = document.RootElement.GetProperty("runs").EnumerateArray().ToArray();
        Assert.Equal(3, runs.Length);
        Assert.All(runs, run => Assert.True(Joules(run, "codecarbon") > 0));
    }

    // Neither in what was printed nor in what was kept, estimators' files included.
    private static void HoldsNoSecret(Folder folder, string secret, MeterLabProcess.Result result)
    {
        Assert.DoesNotContain(secret, result.Output + result.Error, StringComparison.Ordinal);
        var path = Path.Combine(folder.Path, "meterlab.db");
        var words = Encoding.UTF8.GetBytes(secret);
        Assert.All(Directory.GetFiles(folder.Path, "meterlab.db*"), file => Assert.Equal(-1, File.ReadAllBytes(file).AsSpan().IndexOf(words)));
        using var store = Store.OpenForReading(path, new StoreOptions { Clock = new SystemHostClock() });
        var outputs = store.Campaigns.List().SelectMany(campaign => store.Runs.OfCampaign(campaign.Id)).SelectMany(run => store.Outputs.OfRun(run.Id)).ToList();
        Assert.Contains(outputs, output => output.Estimator == "redfish");
        Assert.All(outputs, output => Assert.Equal(-1, output.Content.Span.IndexOf(words)));
    }

    // What the stand-ins draw at all times, over the run's own seconds.
    private static void CheckConstants(JsonElement run)
    {
        var seconds = run.GetProperty("duration_s").GetDouble();
        Assert.Equal(949.287, Joules(run, "codecarbon"), 0.001);
        Assert.Equal("3.3.0", Of(run, "codecarbon").GetProperty("version").GetString());
        Assert.Equal(300 * seconds, Joules(run, "nvidia-smi"), 0.002 * 300 * seconds);
        Assert.Contains("averaging-window", Rules(run, "nvidia-smi"));
        Assert.Equal(321 * seconds, Joules(run, "ipmi-dcmi"), 0.002 * 321 * seconds);
        Assert.Equal("wall-ac", Of(run, "ipmi-dcmi").GetProperty("compared_with").GetString());
        Assert.NotEqual(JsonValueKind.Null, Of(run, "ipmi-dcmi").GetProperty("error_pct").ValueKind);
        Assert.Equal(ControllerW * seconds, Joules(run, "redfish"), 0.002 * ControllerW * seconds);
        Assert.Equal("wall-ac", Of(run, "redfish").GetProperty("compared_with").GetString());
        // What it cost is known of everything that ran there, and of nothing else.
        foreach (var name in (string[])["codecarbon", "nvidia-smi", "ipmi-dcmi", "redfish", "rapl"])
            Assert.InRange(Of(run, name).GetProperty("overhead_cpu_s").GetDouble(), 0, 10);
        Assert.Equal(JsonValueKind.Null, Of(run, "cpu-load").GetProperty("overhead_cpu_s").ValueKind);
        // Asking twenty times a second and starting three processes each time costs more than the kernel's finest count.
        Assert.True(run.GetProperty("overhead").GetProperty("estimators_cpu_s").GetDouble() > 0, run.GetRawText());
        var carbon = run.GetProperty("carbon");
        Assert.Equal(360, carbon.GetProperty("intensity_g_per_kwh").GetDouble(), 1e-6);
        Assert.Equal(run.GetProperty("meter").GetProperty("energy_j").GetDouble() / 1e4, carbon.GetProperty("meter_g").GetDouble(), 1e-9);
        Assert.Equal(949.287 / 1e4, Of(run, "codecarbon").GetProperty("carbon_g").GetDouble(), 1e-6);
    }

    private static JsonElement Of(JsonElement run, string name) =>
        run.GetProperty("estimators").EnumerateArray().Single(estimator => estimator.GetProperty("estimator").GetString() == name);

    private static double Joules(JsonElement run, string name)
    {
        var energy = Of(run, name).GetProperty("energy_j");
        Assert.True(energy.ValueKind == JsonValueKind.Number, Of(run, name).GetRawText());
        return energy.GetDouble();
    }

    private static IEnumerable<string?> Rules(JsonElement run, string name) => Of(run, name).GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("rule").GetString());

    private static Task<Sshd> StartAsync(Folder folder, string programs)
    {
        var home = Directory.CreateDirectory(Path.Combine(folder.Path, "home")).FullName;
        return Sshd.StartAsync(TestContext.Current.CancellationToken, $"SetEnv HOME={home} PATH={programs}:/usr/local/bin:/usr/bin:/bin");
    }

    private static void WriteRig(Folder folder, Sshd sshd, string estimators) => folder.Write("rig.yaml", Rig
        .Replace("USER", sshd.User, StringComparison.Ordinal).Replace("PORT", sshd.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("IDENTITY", sshd.IdentityFile, StringComparison.Ordinal).Replace("ESTIMATORS", estimators, StringComparison.Ordinal));

    private static string? Program(string name)
    {
        using var which = Process.Start(new ProcessStartInfo("sh", ["-c", "command -v \"$1\"", "sh", name]) { RedirectStandardOutput = true })!;
        var path = which.StandardOutput.ReadToEnd().Trim();
        which.WaitForExit();
        return path.Length > 0 ? path : null;
    }
}
