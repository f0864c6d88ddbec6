using System.Diagnostics;
using System.Globalization;

using CsCheck;

using MeterLab.Measurement.Clocks;
using MeterLab.TestKit;
using MeterLab.VirtualRig.World;

namespace MeterLab.VirtualRig.Tests.World;

public class SkewedClockTests
{
    private static readonly Gen<ClockError> Errors =
        Gen.Select(Gen.Long[-10_000_000_000, 10_000_000_000], Gen.Long[-2_000_000, 2_000_000], Gen.Long[-5_000_000, 5_000_000], Gen.Int[10, 600])
            .Select((offset, rate, wander, period) => new ClockError(offset, rate, wander, period));

    [Fact]
    public void The_way_back_undoes_the_way_there() =>
        Gen.Select(Errors, Gen.Long[0, 3_600_000_000_000]).Sample((error, elapsed) =>
        {
            var host = new FakeHostClock();
            var clock = new SkewedClock(host, error);
            var instant = host.MonotonicNs + elapsed;
            // A flat step of the integer arithmetic maps some neighbouring nanoseconds to one.
            Assert.InRange(clock.HostFromTarget(clock.TargetFromHost(instant)) - instant, -10, 10);
        });

    [Fact]
    public void Offset_and_rate_are_what_was_asked_for()
    {
        var host = new FakeHostClock();
        var clock = new SkewedClock(host, new ClockError(3_700_000_000, 500_000));
        var utc = host.Anchor().UtcNs;
        Assert.Equal(utc + 3_700_000_000, clock.TargetFromUtc(utc));
        Assert.Equal(utc + 3_700_000_000 + 100_000_000_000 + 50_000_000, clock.TargetFromUtc(utc + 100_000_000_000));
    }

    [Fact]
    public void A_step_of_the_lab_hosts_UTC_is_noticed()
    {
        var host = new FakeHostClock();
        var clock = new SkewedClock(host, new ClockError());
        Assert.False(clock.HostStepped);
        host.UtcOffsetNs += 1_000_000;
        Assert.True(clock.HostStepped);
    }

    [Theory]
    [InlineData("bash", 0)]
    [InlineData("bash", 2_000_000)]
    [InlineData("sh", 0)]
    [InlineData("sh", -2_000_000)]
    public async Task The_shell_tells_the_same_time_as_the_arithmetic(string shell, long wander)
    {
        var host = new SystemHostClock();
        var clock = new SkewedClock(host, new ClockError(-4_200_000_000, -300_000, wander, 10));
        var script = clock.Snippet() + "meterlab_now\necho $NOW\n";
        var start = new ProcessStartInfo(shell) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var before = clock.TargetFromHost(host.MonotonicNs);
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(script);
        process.StandardInput.Close();
        var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var after = clock.TargetFromHost(host.MonotonicNs);

        var now = long.Parse(text.Trim(), CultureInfo.InvariantCulture);
        Assert.InRange(now, before - 2_000, after + 2_000);
    }
}
