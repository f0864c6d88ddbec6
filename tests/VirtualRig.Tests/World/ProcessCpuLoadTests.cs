using System.Diagnostics;
using System.Globalization;
using System.Text;

using MeterLab.Measurement.Clocks;
using MeterLab.VirtualRig.World;

namespace MeterLab.VirtualRig.Tests.World;

[Collection(RealTime.Name)]
public sealed class ProcessCpuLoadTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("meterlab-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_name_with_spaces_and_parentheses_does_not_shift_the_fields()
    {
        var text = "42 (a) b (c)) S 1 40 39 0 -1 4194560 1 2 3 4 11 22 33 44 20 0 1 0 987654 0 0 0 ";
        Assert.True(ProcessStat.TryParse(Encoding.ASCII.GetBytes(text), out var stat));
        Assert.Equal(new ProcessStat(1, 40, 39, 33, 77, 987654), stat);
    }

    [Fact]
    public void The_process_clock_agrees_with_the_runtime()
    {
        var spin = Stopwatch.StartNew();
        while (spin.ElapsedMilliseconds < 50)
        {
        }

        Assert.True(ProcessClock.TryRead(Environment.ProcessId, out var before));
        var runtime = Environment.CpuUsage.TotalTime.TotalMilliseconds;
        Assert.True(ProcessClock.TryRead(Environment.ProcessId, out var after));
        Assert.InRange(runtime, before * 1e-6 - 30, after * 1e-6 + 30);
        Assert.False(ProcessClock.TryRead(int.MaxValue >> 4, out _));
    }

    [Theory]
    [InlineData("one process", "i=0; while [ $i -lt 800000 ]; do i=$((i+1)); done")]
    [InlineData("many short children", "n=0; while [ $n -lt 60 ]; do sh -c 'i=0; while [ $i -lt 12000 ]; do i=$((i+1)); done'; n=$((n+1)); done")]
    [InlineData("two at once", "(i=0; while [ $i -lt 500000 ]; do i=$((i+1)); done) & i=0; while [ $i -lt 500000 ]; do i=$((i+1)); done; wait")]
    public async Task The_CPU_time_of_a_workload_is_followed(string kind, string work)
    {
        var cancel = TestContext.Current.CancellationToken;
        var clock = new SystemHostClock();
        var load = new ProcessCpuLoad(_root, Environment.ProcessorCount);
        var folder = Directory.CreateDirectory(Path.Combine(_root, "run-1")).FullName;

        // The outer shell plays the runner: it waits for the workload's session and says what its children used.
        var script = $"setsid sh -c 'echo $$ > {folder}/pgid; {work.Replace("'", "'\\''", StringComparison.Ordinal)}'; times";
        var start = new ProcessStartInfo("sh") { RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        var last = clock.MonotonicNs;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        using var timer = new PeriodicTimer(VirtualWorld.Tick);
        var ticksAfter = 0;
        while (ticksAfter < 20 && await timer.WaitForNextTickAsync(cancel))
        {
            var now = clock.MonotonicNs;
            Assert.InRange(load.BusyCores(now, now - last), 0, Environment.ProcessorCount);
            last = now;
            if (process.HasExited)
                ticksAfter++;
        }

        var used = (await output).Trim().Split('\n')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Sum(Seconds);
        TestContext.Current.TestOutputHelper?.WriteLine($"{kind}: used {used} s, followed {load.TotalNs * 1e-9} s");
        Assert.True(used > 0.2, $"{kind}: the load took {used} s only");
        Assert.InRange(load.TotalNs * 1e-9, used - 0.1 - 0.1 * used, used + 0.05);
    }

    private static double Seconds(string time)
    {
        // times(1p) prints 0m1.234s.
        var parts = time.Trim().TrimEnd('s').Split('m');
        return 60 * double.Parse(parts[0], CultureInfo.InvariantCulture) + double.Parse(parts[1], CultureInfo.InvariantCulture);
    }
}
