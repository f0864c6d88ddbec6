using System.Globalization;
using System.Text.Json;

namespace MeterLab.EndToEnd.Tests;

/// <summary>A campaign whose process is killed, and one that is interrupted by hand, go on where they were.</summary>
[Collection(Campaigns.Name)]
public class ResumeTests
{
    private const string Rig = """
        rig: bench
        meters:
          wall: { uri: "virtual://wall", interval: 50ms }
        targets:
          here: { local: true, fed-by: [ { channel: wall/total, scope: wall-ac } ], hardware: { cpu: x, cpu-power: 65W }, estimators: [ml-co2-impact] }
        """;

    // The second run outlives its lab unless somebody stops it.
    private const string Campaign = """
        campaign: broken-off
        targets: [here]
        workloads:
          - { name: quick, run: [sleep, "1"], device: cpu }
          - { name: slow, run: [sh, -c, "if [ -e MARK ]; then exec sleep 1; fi; : >MARK; exec sleep 871.25"], device: cpu }
          - { name: last, run: [sleep, "1"], device: cpu }
        order: as-written
        phases: { settle: 0s, baseline: 1s, between: 0s, cool-down: 2s, sync: off }
        """;

    [Fact]
    public async Task A_killed_campaign_makes_the_runs_that_are_missing_and_says_so()
    {
        using var folder = new Folder();
        folder.Write("rig.yaml", Rig);
        var mark = Path.Combine(folder.Path, "mark");
        folder.Write("nights/campaign.yaml", Campaign.Replace("MARK", mark, StringComparison.Ordinal));
        using (var killed = MeterLabProcess.Start(folder.Path, ["campaign", "run", "nights/campaign.yaml", "--json"]))
        {
            await killed.UntilAsync(() => File.Exists(mark), TimeSpan.FromMinutes(1));
            killed.Kill();
        }

        // The file is the user's: the campaign has its own text.
        File.Delete(Path.Combine(folder.Path, "nights", "campaign.yaml"));
        var resumed = await MeterLabProcess.RunAsync(folder.Path, "campaign", "resume", "broken-off", "--json");

        // 1: the run that was cut off did not pass.
        Assert.True(resumed.ExitCode == 1, resumed.Error);
        using var document = JsonDocument.Parse(resumed.Output);
        ResultsContract.Check(document.RootElement);
        var runs = document.RootElement.GetProperty("runs").EnumerateArray().ToList();
        Assert.Equal(["quick-01", "slow-01", "last-01", "slow-01-again"], runs.Select(run => run.GetProperty("run").GetString()!.Split('.')[^1]));
        Assert.Equal(["passed", "aborted", "passed", "passed"], runs.Select(run => run.GetProperty("outcome").GetString()));
        foreach (var run in runs.Where(run => run.GetProperty("outcome").GetString() == "passed"))
        {
            Assert.True(run.GetProperty("meter").GetProperty("energy_j").GetDouble() > 0, run.GetRawText());
            Assert.InRange(run.GetProperty("duration_s").GetDouble(), 1, 60);
        }

        Assert.Contains("made again as slow-01-again", runs[1].GetRawText(), StringComparison.Ordinal);
        var told = document.RootElement.GetProperty("findings").EnumerateArray().Single(finding => finding.GetProperty("rule").GetString() == "resumed").GetProperty("detail").GetString()!;
        Assert.Contains("2 of 3 runs were missing, of which 1 had been cut off", told, StringComparison.Ordinal);
        // Nobody heats the machine any more for a run that does not count.
        Assert.DoesNotContain(Directory.GetDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out _)), IsTheSleeper);

        var again = await MeterLabProcess.RunAsync(folder.Path, "campaign", "resume", "broken-off");
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("is finished; nothing is left of it to resume", again.Error, StringComparison.Ordinal);
    }

    private static bool IsTheSleeper(string process)
    {
        try
        {
            return File.ReadAllText(process + "/cmdline").Contains("871.25", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
