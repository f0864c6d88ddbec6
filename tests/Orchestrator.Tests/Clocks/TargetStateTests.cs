using MeterLab.Measurement;
using MeterLab.Measurement.Clocks;
using MeterLab.Orchestrator.Targets;

namespace MeterLab.Orchestrator.Tests.Clocks;

/// <summary>Reboots and sleeps of a target.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class TargetStateTests
{
    private static readonly LocalTarget Here = new("here", new SystemHostClock());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task This_machine_tells_its_boot_and_has_not_slept_between_two_readings()
    {
        var before = await TargetState.ReadAsync(Here, Token);
        var after = await TargetState.ReadAsync(Here, Token);
        Assert.Equal(File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim(), before.BootId);
        Assert.NotNull(before.SuspendedS);
        Assert.Null(after.Since(before, 0.1));
    }

    [Fact]
    public async Task A_monotonic_clock_that_stood_still_is_seen_whichever_program_reads_it()
    {
        // Stand-ins for perl whose monotonic clock is 100 s, then 140 s, behind the uptime; and none at all, so that python3 is asked.
        var folder = Directory.CreateTempSubdirectory("meterlab-perl-");
        try
        {
            async Task<TargetState> ReadAsync(string perl)
            {
                var path = Path.Combine(folder.FullName, "perl");
                await File.WriteAllTextAsync(path, "#!/bin/sh\n" + perl + "\n", Token);
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                return await TargetState.ReadAsync(new OtherPathTarget(Here, folder.FullName + ":" + Environment.GetEnvironmentVariable("PATH")), Token);
            }

            var before = await ReadAsync("echo 500.00 400.000001");
            var after = await ReadAsync("echo 560.00 420.000001");
            Assert.Equal(100, before.SuspendedS!.Value, 0.01);
            var finding = after.Since(before, 60);
            Assert.Equal(("suspended", Severity.Invalid), (finding?.Rule, finding?.Severity));
            Assert.Contains("40.0 s", finding!.Detail, StringComparison.Ordinal);
            Assert.InRange((await ReadAsync("exit 1")).SuspendedS!.Value, 0, double.MaxValue);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("a\n3\n10.00 10.000\n", "b\n3\n20.00 20.000\n", "rebooted")]
    [InlineData("a\n3\n10.00 10.000\n", "a\n4\n20.00 20.000\n", "suspended")]
    [InlineData("a\n\n10.00 10.000\n", "a\n\n20.00 14.000\n", "suspended")]
    [InlineData("a\n\n10,00 10,000\n", "a\n\n20,00 14,000\n", "suspended")]
    [InlineData("a\n3\n10.00 10.000\n", "a\n3\n20.00 19.900\n", null)]
    [InlineData("a\n\n\n", "a\n\n\n", null)]
    [InlineData("\n\n\n", "b\n1\n20.00 1.0\n", null)]
    public void Only_what_both_readings_tell_is_compared(string before, string after, string? rule) =>
        Assert.Equal(rule, TargetState.Parse(after).Since(TargetState.Parse(before), 10)?.Rule);

    [Theory]
    [InlineData("ntpq\nleap=00, stratum=3, offset=0.123 \n", true)]
    [InlineData("ntpq\nleap=11, stratum=16, offset=0.000 \n", false)]
    [InlineData("adjtimex\n    mode:         0     status:       64 (UNSYNC) \n", false)]
    [InlineData("adjtimex\n  status: 8193  time_constant: 7 \n", true)]
    [InlineData("adjtimex\n  status: 0x2001 (PLL) \n", true)]
    [InlineData("ntpq\nconnection refused\n", null)]
    public void Older_time_services_are_understood_too(string text, bool? expected) => Assert.Equal(expected, ClockStatus.Parse(text).Synchronised);

    [Fact]
    public async Task A_reboot_during_a_run_makes_it_invalid_and_says_so()
    {
        var target = new RebootingTarget(new LocalTarget("box", new SystemHostClock()));
        await using var lab = await ClockLab.OpenAsync(target, Token);
        var running = lab.RunAsync(1, ["sleep", "1.5"], Token);
        await Task.Delay(700, Token);
        target.Rebooted = true;
        await running;
        target.Rebooted = false;
        await lab.RunAsync(2, ["sleep", "2"], Token);
        await lab.Session.ProbeAsync(Token);

        var runs = lab.Results();
        Assert.Contains(runs[0].Findings, finding => finding is { Rule: "rebooted", Severity: "invalid" });
        Assert.Equal((false, true), (runs[0].Valid, runs[1].Valid));
        Assert.Contains(lab.Findings, finding => finding.StartsWith("clock-sync: box: ", StringComparison.Ordinal));
    }

    /// <summary>A target that claims another boot when told to.</summary>
    private sealed class RebootingTarget(ITarget inner) : ForwardingTarget(inner)
    {
        public bool Rebooted { get; set; }

        public override async Task<CommandResult> RunAsync(IReadOnlyList<string> command, CommandOptions options, CancellationToken cancellationToken)
        {
            var result = await base.RunAsync(command, options, cancellationToken);
            var boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
            return Rebooted ? result with { Output = result.Output.Replace(boot, "00000000-0000-4000-8000-000000000000", StringComparison.Ordinal) } : result;
        }
    }
}
