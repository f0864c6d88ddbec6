using System.Diagnostics;
using System.Globalization;

using MeterLab.Orchestrator.Targets;
using MeterLab.Orchestrator.Tests.Targets;

namespace MeterLab.Orchestrator.Tests.Clocks;

/// <summary>The probes' channel over a real sshd: what it costs the target, and what happens when it dies or freezes.</summary>
public sealed class ProbeChannelTests(SshdFixture fixture) : IClassFixture<SshdFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Probing_as_campaigns_do_costs_the_target_less_than_a_thousandth_of_a_core_with_sshd_and_all()
    {
        await using var target = fixture.Target();
        await using var clock = await TargetClock.OpenAsync(target, ClockHelpers.Bash, Token);
        var during = ProbeOptions.During(ClockHelpers.Bash);
        const int Bursts = 6;
        // Pauses of half a second: the target is as cold after them as after three, and a test need not last.
        var options = during with { Count = Bursts * during.Burst, Pause = TimeSpan.FromSeconds(0.5) };
        await clock.ProbeAsync(Token);

        var (helper, sshd) = (await clock.CpuSecondsAsync(Token), await SshdCpuSecondsAsync(target));
        var asking = await SshdCpuSecondsAsync(target) - sshd;
        await TargetClock.ProbeAsync(clock, options, TimeProvider.System, Token);
        var spent = await clock.CpuSecondsAsync(Token) - helper;
        var around = await SshdCpuSecondsAsync(target) - sshd - 2 * asking;

        Assert.NotNull(spent);
        Assert.True(spent > 0);
        var seconds = Bursts * during.Pause.TotalSeconds;
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"the helper {100 * spent.Value / seconds:0.0000} %, sshd {100 * around / seconds:0.0000} % of a core"));
        Assert.True((spent.Value + Math.Max(0, around)) / seconds < 0.001, $"{spent} s and {around} s in {seconds} s");
    }

    [Fact]
    public async Task The_cost_of_a_runs_probes_is_in_its_record()
    {
        await using var lab = await ClockLab.OpenAsync(fixture.Target(), Token);
        await lab.RunAsync(1, ["sleep", "6"], Token);

        var overhead = Assert.Single(lab.Results()).Overhead;
        Assert.True(overhead.ProbeCpuS is > 0 and < 0.006, $"{overhead}");
        Assert.True(overhead.ProbeCorePct is > 0 and < 0.1, $"{overhead}");
        Assert.True(overhead.CpuS > overhead.ProbeCpuS, $"{overhead}");
    }

    [Theory]
    [InlineData("STOP")]
    [InlineData("KILL")]
    public async Task A_helper_that_freezes_or_dies_is_replaced_and_counted_and_the_run_stands(string signal)
    {
        await using var lab = await ClockLab.OpenAsync(fixture.Target(), Token);
        await lab.Session.ProbeAsync(Token);
        var probes = lab.Probes.Count;
        await SignalHelperAsync(signal);
        var clock = Stopwatch.StartNew();
        await lab.RunAsync(1, ["sleep", "2"], Token);
        await lab.Session.ProbeAsync(Token);

        // One deadline of 5 s, and the rest of the run.
        Assert.InRange(clock.Elapsed.TotalSeconds, 1, 30);
        Assert.True(lab.Session.Failures >= 1);
        Assert.Equal(1, lab.Session.Reopened);
        Assert.True(lab.Probes.Count > probes);
        var run = Assert.Single(lab.Results());
        Assert.True(run.Valid, string.Join("; ", run.Findings.Select(f => f.Detail)));
        Assert.Contains(lab.Findings, finding => finding.StartsWith("clock-probe: ", StringComparison.Ordinal));
    }

    // What the process at the other end of this connection has used: the parent of whatever it starts.
    private static async Task<double> SshdCpuSecondsAsync(SshTarget target)
    {
        var result = await target.RunAsync(["sh", "-c", "cat /proc/$PPID/schedstat"], new CommandOptions(TimeSpan.FromSeconds(20)), Token);
        return long.Parse(result.Output.Split(' ')[0], CultureInfo.InvariantCulture) * 1e-9;
    }

    private async Task SignalHelperAsync(string signal)
    {
        // Helpers of other tests run here too; ours has this server's home.
        var mine = Processes.WithArgument("meterlab-clock")
            .Where(id => File.ReadAllText($"/proc/{id}/environ").Contains("HOME=" + fixture.Sshd.Home, StringComparison.Ordinal))
            .Select(id => id.ToString(CultureInfo.InvariantCulture)).ToArray();
        Assert.NotEmpty(mine);
        using var kill = Process.Start("kill", ["-s", signal, .. mine]);
        await kill.WaitForExitAsync(Token);
    }
}
