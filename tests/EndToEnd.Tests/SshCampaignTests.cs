using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

using MeterLab.TestKit;

namespace MeterLab.EndToEnd.Tests;

[Collection(Campaigns.Name)]
public class SshCampaignTests
{
    private static string Rig(Sshd sshd, string hostKey) => string.Create(CultureInfo.InvariantCulture, $$"""
        rig: bench
        known-hosts: known_hosts
        meters:
          wall: { uri: "virtual://wall", interval: 50ms }
          rails: { uri: "virtual://rails" }
        targets:
          node1:
            ssh: {{sshd.User}}@127.0.0.1:{{sshd.Port}}
            identity: {{sshd.IdentityFile}}
            {{hostKey}}
            fed-by: [ { channel: wall/total, scope: wall-ac }, { channel: rails/total, scope: psu-dc } ]
            hardware: { cpu: "some processor", cpu-power: 65W }
            estimators: [ml-co2-impact, cpu-load]
        """);

    private const string Campaign = """
        campaign: over-ssh
        targets: [node1]
        workloads:
          - { name: spin, script: "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; echo \"$model\"", parameters: { model: ["a b", "$(id)"] }, device: cpu }
          - { name: bad, run: [sh, -c, "exit 3"], device: cpu }
        order: as-written
        phases: { settle: 300ms, baseline: 1s, cool-down: 300ms, sync: off }
        """;

    [Fact]
    public async Task A_campaign_over_a_real_sshd_measures_on_one_line_and_keeps_a_failed_run_apart()
    {
        Assert.SkipWhen(Sshd.Missing is not null, Sshd.Missing ?? "");
        using var folder = new Folder();
        await using var sshd = await Sshd.StartAsync(TestContext.Current.CancellationToken);
        folder.Write("rig.yaml", Rig(sshd, "host-key: \"SHA256:" + Convert.ToBase64String(SHA256.HashData(sshd.HostKey)).TrimEnd('=') + "\""));
        folder.Write("campaign.yaml", Campaign);
        var result = await MeterLabProcess.RunAsync(folder.Path, "campaign", "run", "campaign.yaml", "--json");
        // 1: a run failed.
        Assert.True(result.ExitCode == 1, result.Error);
        using var document = JsonDocument.Parse(result.Output);
        ResultsContract.Check(document.RootElement);
        var runs = document.RootElement.GetProperty("runs").EnumerateArray().ToList();
        Assert.Equal(["passed", "passed", "failed"], runs.Select(run => run.GetProperty("outcome").GetString()));
        foreach (var run in runs.Take(2))
        {
            var clock = run.GetProperty("clock");
            // The same machine: what is stated must cover zero, and be small.
            Assert.True(clock.GetProperty("uncertainty_s").GetDouble() < 0.005, clock.GetRawText());
            Assert.True(Math.Abs(clock.GetProperty("offset_s").GetDouble()) <= clock.GetProperty("uncertainty_s").GetDouble(), clock.GetRawText());
            Assert.True(run.GetProperty("meter").GetProperty("energy_j").GetDouble() > 0);
            Assert.Equal(JsonValueKind.Null, run.GetProperty("meter").GetProperty("truth_j").ValueKind);
            Assert.True(run.GetProperty("overhead").GetProperty("cpu_s").GetDouble() >= 0);
        }

        var clockNow = await MeterLabProcess.RunAsync(folder.Path, "clock", "node1", "--seconds", "3", "--json");
        Assert.True(clockNow.ExitCode == 0, clockNow.Error);
        using var fit = JsonDocument.Parse(clockNow.Output);
        foreach (var name in (string[])["target", "offset_s", "rate_ppm", "uncertainty_s", "rate_uncertainty_ppm", "k", "rtt_min_s", "probes", "reference_time", "steps"])
            Assert.True(fit.RootElement.TryGetProperty(name, out _), name);
        Assert.True(Math.Abs(fit.RootElement.GetProperty("offset_s").GetDouble()) <= fit.RootElement.GetProperty("uncertainty_s").GetDouble(), clockNow.Output);
    }

    [Fact]
    public async Task A_host_that_is_met_for_the_first_time_is_refused_unless_it_is_accepted_in_so_many_words()
    {
        Assert.SkipWhen(Sshd.Missing is not null, Sshd.Missing ?? "");
        using var folder = new Folder();
        await using var sshd = await Sshd.StartAsync(TestContext.Current.CancellationToken);
        folder.Write("rig.yaml", Rig(sshd, ""));
        folder.Write("campaign.yaml", """
            campaign: first-contact
            targets: [node1]
            workloads:
              - { name: rest, run: [sleep, "0.1"], device: cpu }
            phases: { settle: 0s, baseline: 300ms, cool-down: 0s, sync: off }
            """);
        var refused = await MeterLabProcess.RunAsync(folder.Path, "campaign", "run", "campaign.yaml");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("SHA256:", refused.Error, StringComparison.Ordinal);
        var accepted = await MeterLabProcess.RunAsync(folder.Path, "campaign", "run", "campaign.yaml", "--accept-new-host-key", "--json");
        Assert.True(accepted.Output.Contains("\"passed\"", StringComparison.Ordinal), accepted.Error);
        Assert.True(File.Exists(Path.Combine(folder.Path, "known_hosts")));
    }
}
