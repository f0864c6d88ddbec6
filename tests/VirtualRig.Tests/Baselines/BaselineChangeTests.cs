using MeterLab.Orchestrator.Targets;

namespace MeterLab.VirtualRig.Tests.Baselines;

/// <summary>What changes on the machine between two baselines is noticed in watts and named in words.</summary>
public sealed class BaselineChangeTests : IAsyncDisposable
{
    private readonly BaselineBench _bench = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_service_that_was_started_is_noticed_and_named()
    {
        var before = await _bench.MeasureAsync();
        await using (var target = _bench.Bench.OpenTarget("node1"))
        {
            var started = await target.RunAsync(["systemctl", "start", "backup"], new CommandOptions(TimeSpan.FromSeconds(20)), Cancel);
            Assert.Equal(0, started.ExitCode);
        }

        var after = await _bench.MeasureAsync();

        Assert.NotEqual(before.Fingerprint, after.Fingerprint);
        Assert.InRange(after.StaticW - before.StaticW, BaselineBench.Wall(25) - BaselineBench.Wall(21) - 1, BaselineBench.Wall(25) - BaselineBench.Wall(21) + 1);
        Assert.Equal(["the service backup.service was started"], after.Change!.FingerprintChanges);
        Assert.True(after.Change.Changed);
        var finding = Assert.Single(after.Findings, finding => finding.Rule == "baseline-change");
        Assert.Contains("the service backup.service was started", finding.Detail, StringComparison.Ordinal);

        _bench.Bench.Services.Stop("backup.service");
        await using var again = _bench.Bench.OpenTarget("node1");
        Assert.Equal(before.Fingerprint, (await TargetFingerprint.ReadAsync(again, Cancel)).Hash);
    }

    [Fact]
    public async Task The_machine_tells_settings_of_its_own_and_a_changed_one_is_named()
    {
        await using var target = _bench.Bench.OpenTarget("node1");
        var before = await TargetFingerprint.ReadAsync(target, Cancel);
        await target.UploadAsync("powersave\n"u8.ToArray(), "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", 0b110_000_000, Cancel);
        var after = await TargetFingerprint.ReadAsync(target, Cancel);

        Assert.Equal(("performance", "off", false), (before.Governor, before.Smt, before.TurboOff));
        Assert.Equal(["ssh.service"], before.Services);
        Assert.Contains(FingerprintChanges.Of(before.Parts, after.Parts), change => change.StartsWith("the governor was 'performance'", StringComparison.Ordinal));
        Assert.NotEqual(before.Hash, after.Hash);
    }

    [Theory]
    [InlineData("nothing-known", 5)]
    [InlineData("../backup", 1)]
    public async Task A_service_that_the_machine_does_not_know_cannot_be_started(string name, int code)
    {
        await using var target = _bench.Bench.OpenTarget("node1");
        var result = await target.RunAsync(["systemctl", "start", name], new CommandOptions(TimeSpan.FromSeconds(20)), Cancel);
        Assert.Equal(code, result.ExitCode);
        Assert.Throws<ArgumentException>(() => _bench.Bench.Services.Start(name));
        Assert.Equal(["ssh.service"], _bench.Bench.Services.Running);
    }
}
