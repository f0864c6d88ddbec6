using System.Globalization;
using System.Text.RegularExpressions;

using MeterLab.Measurement.Clocks;
using MeterLab.Orchestrator.Reports;
using MeterLab.Orchestrator.Targets;
using MeterLab.TestKit;

namespace MeterLab.Orchestrator.Tests.Clocks;

/// <summary>A clock that steps, over a real sshd, from the probes to the results.</summary>
[Collection(RealTime.Name)]
public sealed partial class FakeTimeStepTests(FakeTimeStepTests.SideBySide all) : IClassFixture<FakeTimeStepTests.SideBySide>
{
    private static readonly double[] Sizes = [6, -0.2, 0.03];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<double> StepSizes { get; } = [.. Sizes];

    [Theory]
    [MemberData(nameof(StepSizes))]
    public Task A_step_in_mid_run_is_placed_between_the_probes_around_it_and_the_run_is_not_valid(double sizeS) => all.InMidRun(sizeS);

    [Fact]
    public Task A_step_back_before_a_run_leaves_it_valid_with_the_clock_as_it_is_now() => all.Before;

    /// <summary>Each waits for its own machine most of the time, so all of them wait together.</summary>
    public sealed class SideBySide
    {
        private readonly Dictionary<double, Task> _inMidRun = Sizes.ToDictionary(size => size, size => OnceMoreIfLockedAsync(() => StepInMidRunAsync(size)));

        internal Task Before { get; } = OnceMoreIfLockedAsync(StepBeforeAsync);

        internal Task InMidRun(double sizeS) => _inMidRun[sizeS];
    }

    // A process of the machine in another time that dies in the very moment in which it holds libfaketime's semaphore leaves it locked, and
    // every other process of that machine hangs: the run is an error then, and only then is it made again, on another machine.
    private static async Task OnceMoreIfLockedAsync(Func<Task<bool>> attempt)
    {
        Assert.SkipWhen(FakeTimeSshd.Missing is not null, FakeTimeSshd.Missing ?? "");
        // Off the thread that makes the fixture.
        await Task.Yield();
        Assert.True(await attempt() || await attempt(), "the other time locked up twice");
    }

    [GeneratedRegex(@"stepped by ([+-][0-9.]+) s during the run")]
    private static partial Regex StepSize();

    private static bool IsLocked(RunResult run) => run.Outcome == "error" && run.Findings.Any(f => f.Detail.Contains("its supervisor hangs", StringComparison.Ordinal));

    private static async Task<bool> StepInMidRunAsync(double sizeS)
    {
        await using var sshd = await FakeTimeSshd.StartSteppableAsync(Token);
        await using var lab = await ClockLab.OpenAsync(new SshTarget("box", FakeTimeMachine.Options(sshd.Server), FakeTimeMachine.Host), Token);
        await Task.Delay(2000, Token);
        var folder = Directory.CreateTempSubdirectory("meterlab-step-");
        var started = Path.Combine(folder.FullName, "started");
        var running = lab.RunAsync(1, ["sh", "-c", ": > \"$1\"; sleep 4", "sh", started], Token);
        // In mid-run is after the workload itself has begun, however long a busy machine takes to get there.
        while (!File.Exists(started) && !running.IsCompleted)
            await Task.Delay(20, Token);
        await Task.Delay(1500, Token);
        var before = FakeTimeMachine.Host.MonotonicNs;
        sshd.StepTo(sizeS);
        var after = FakeTimeMachine.Host.MonotonicNs;
        await running;
        folder.Delete(true);
        if (IsLocked(Assert.Single(lab.Results())))
            return false;
        await lab.Session.ProbeAsync(Token);

        var step = Assert.Single(ClockFit.Fit(lab.Probes, ClockId.Target("box")).Steps);
        Assert.Equal(sizeS * 1e9, step.SizeNs, 2e6);
        // Between two probes, and none lies between those but what was under way when the clock stepped and may have read it before or after.
        var probes = lab.Probes.OrderBy(p => p.BeforeNs).ToList();
        Assert.Contains(probes, p => p.BeforeNs == step.FromNs);
        Assert.Contains(probes, p => p.AfterNs == step.ToNs);
        Assert.All(probes.Where(p => p.BeforeNs > step.FromNs && p.AfterNs < step.ToNs), p => Assert.True(p.BeforeNs <= after && p.AfterNs >= before, $"{p} was not under way between {before} and {after}"));
        Assert.True(step.FromNs <= after && step.ToNs >= before, $"the step between {before} and {after} was placed between {step.FromNs} and {step.ToNs}");
        var run = Assert.Single(lab.Results());
        Assert.False(run.Valid);
        var finding = Assert.Single(run.Findings, f => f.Rule == "clock-step");
        // The finding's own figure is measured like the fit's, and so only as near to the step's size.
        var said = StepSize().Match(finding.Detail);
        Assert.True(said.Success, finding.Detail);
        Assert.Equal(sizeS, double.Parse(said.Groups[1].Value, CultureInfo.InvariantCulture), 2e-3);
        return true;
    }

    private static async Task<bool> StepBeforeAsync()
    {
        await using var sshd = await FakeTimeSshd.StartSteppableAsync(Token);
        await using var lab = await ClockLab.OpenAsync(new SshTarget("box", FakeTimeMachine.Options(sshd.Server), FakeTimeMachine.Host), Token);
        await Task.Delay(2000, Token);
        sshd.StepTo(-6);
        await lab.RunAsync(1, ["sleep", "3"], Token);
        if (IsLocked(Assert.Single(lab.Results())))
            return false;
        await lab.Session.ProbeAsync(Token);

        var run = Assert.Single(lab.Results());
        Assert.True(run.Valid, string.Join("; ", run.Findings.Select(f => f.Detail)));
        Assert.InRange(Math.Abs(run.Clock!.OffsetS!.Value + 6), 0, Math.Max(2e-3, run.Clock.UncertaintyS!.Value));
        Assert.InRange(run.Meter!.EnergyJ!.Value, 295, 400);
        return true;
    }
}
