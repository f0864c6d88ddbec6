using MeterLab.VirtualRig.World;

namespace MeterLab.VirtualRig.Tests.Baselines;

/// <summary>A machine that has not come to rest is waited for.</summary>
public sealed class BaselineSettlingTests
{
    [Fact]
    public async Task A_fan_that_comes_on_late_makes_it_wait()
    {
        // After the power has looked steady for the first time, and while it is being measured.
        var fan = new SwitchedWaveform(5);
        await using var bench = new BaselineBench(rest: new ConstantWaveform(21) + fan);
        var waited = 0;
        bench.OnSaid = words =>
        {
            waited += words.StartsWith("waiting", StringComparison.Ordinal) && fan.On ? 1 : 0;
            fan.On |= words.StartsWith("measuring: 3", StringComparison.Ordinal);
        };
        var run = await bench.MeasureAsync(BaselineBench.Quick with { AtLeast = TimeSpan.FromSeconds(8) });

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', bench.Said));
        Assert.True(run.Steady);
        Assert.True(waited > 0, "it did not wait again");
        // One in twenty lies outside what is stated, and one in ten thousand outside twice of it; without the fan it would be 5 W off.
        Assert.InRange(Math.Abs(run.StaticW - BaselineBench.Wall(26)), 0, 2 * run.UncertaintyW!.Value);
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

    /// <summary>Nothing until it is switched on.</summary>
    private sealed record SwitchedWaveform(double Watts) : Waveform
    {
        private volatile bool _on;

        public bool On
        {
            get => _on;
            set => _on = value;
        }

        public override double WattsAt(double seconds) => On ? Watts : 0;
    }
}
