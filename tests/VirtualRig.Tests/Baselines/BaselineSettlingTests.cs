using MeterLab.VirtualRig.World;

namespace MeterLab.VirtualRig.Tests.Baselines;

/// <summary>A machine that has not come to rest is waited for.</summary>
public sealed class BaselineSettlingTests
{
    [Fact]
    public async Task A_fan_that_comes_on_late_makes_it_wait()
    {
        // Long after the power looks steady for the first time, and while it is being measured.
        const double FanAtS = 12;
        await using var bench = new BaselineBench(rest: new ConstantWaveform(21) + new StepWaveform(0, 5, FanAtS));
        var run = await bench.MeasureAsync(BaselineBench.Quick with { AtLeast = TimeSpan.FromSeconds(14), AtMost = TimeSpan.FromSeconds(14) });

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', bench.Said));
        Assert.True(run.Steady);
        Assert.True(run.SettledAfterS > FanAtS - 6, $"it settled after {run.SettledAfterS:0.0} s");
        Assert.InRange(Math.Abs(run.StaticW - BaselineBench.Wall(26)), 0, run.UncertaintyW!.Value);
        Assert.Contains(run.Findings, finding => finding.Rule == "settled-again");
    }

    [Fact]
    public async Task Waiting_has_a_bound_and_what_did_not_settle_is_called_so()
    {
        await using var bench = new BaselineBench(rest: new SquareWaveform(21, 31, 7));
        var run = await bench.MeasureAsync(BaselineBench.Quick with { SettleAtMost = TimeSpan.FromSeconds(10), AtMost = TimeSpan.FromSeconds(3) });

        Assert.False(run.Steady);
        Assert.InRange(run.SettledAfterS, 10, 60);
        Assert.Contains(run.Findings, finding => finding.Rule == "not-settled");
    }
}
