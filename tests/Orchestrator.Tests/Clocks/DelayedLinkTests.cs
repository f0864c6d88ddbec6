using System.Globalization;

using MeterLab.Measurement.Clocks;
using MeterLab.Orchestrator.Targets;
using MeterLab.TestKit;

namespace MeterLab.Orchestrator.Tests.Clocks;

/// <summary>A link that delays one direction at random, between the lab and a machine in another time.</summary>
[Collection(RealTime.Name)]
public sealed class DelayedLinkTests(DelayedLinkTests.SideBySide both) : IClassFixture<DelayedLinkTests.SideBySide>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task One_direction_delayed_by_up_to_20_ms_makes_the_uncertainty_grow_and_it_still_holds(bool requests) => requests ? both.Requests : both.Answers;

    /// <summary>Both directions, each with a machine of its own, at the same time.</summary>
    public sealed class SideBySide
    {
        internal Task Requests { get; } = DelayAsync(requests: true);

        internal Task Answers { get; } = DelayAsync(requests: false);
    }

    private static async Task DelayAsync(bool requests)
    {
        Assert.SkipWhen(FakeTimeSshd.Missing is not null, FakeTimeSshd.Missing ?? "");
        await using var machine = await FakeTimeMachine.OpenAsync(await FakeTimeSshd.StartAsync(3.7, 500, Token), Token);
        await using var link = new DelayingProxy(machine.Port, TimeSpan.FromMilliseconds(20), 3, requests);
        await using var target = new SshTarget("box", machine.OptionsAt(link.Port), FakeTimeMachine.Host);
        await using var clock = await TargetClock.OpenAsync(target, machine.Clock.Helper, Token);

        var quiet = await FitAsync(machine, machine.Clock);
        var delayed = await FitAsync(machine, clock);

        foreach (var (map, truth) in (ReadOnlySpan<(ClockMap, ClockTruth)>)[quiet, delayed])
        {
            var stated = 2 * map.UncertaintyNsAt(truth.Moment);
            var error = Math.Abs(truth.ErrorOf(map)) - truth.DoubtNs;
            Assert.True(error <= stated, string.Create(CultureInfo.InvariantCulture, $"off by {error * 1e-3:0} us, stated {stated * 1e-3:0} us"));
            Assert.True(Math.Abs(map.Rate * 1e6 - 500) <= Math.Max(20, 2e6 * map.RateUncertainty), $"{map.Rate} +/- {map.RateUncertainty}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"offset {quiet.Map.OffsetUncertaintyNs * 1e-3:0.0} and {delayed.Map.OffsetUncertaintyNs * 1e-3:0.0} us, rate {quiet.Map.RateUncertainty * 1e6:0.0} and {delayed.Map.RateUncertainty * 1e6:0.0} ppm"));
        // The quickest of many delayed answers still waited a millisecond or so. Where the machine is busy the other link is none too quick either:
        // then it is what only a delay makes wide, 30 us and 25 ppm.
        Assert.True(delayed.Map.OffsetUncertaintyNs > Math.Min(2 * quiet.Map.OffsetUncertaintyNs, 30_000), $"{delayed.Map.OffsetUncertaintyNs} ns against {quiet.Map.OffsetUncertaintyNs} ns");
        Assert.True(delayed.Map.RateUncertainty > Math.Min(2 * quiet.Map.RateUncertainty, 25e-6), $"{delayed.Map.RateUncertainty} against {quiet.Map.RateUncertainty}");
    }

    private static async Task<(ClockMap Map, ClockTruth Truth)> FitAsync(FakeTimeMachine machine, ClockChannel clock)
    {
        var options = ProbeOptions.For(3);
        var probes = new List<SyncObservation>(await TargetClock.ProbeAsync(clock, options with { Count = options.Count / 2 }, TimeProvider.System, Token));
        var truth = await machine.TruthAsync(Token);
        probes.AddRange(await TargetClock.ProbeAsync(clock, options with { Count = options.Count / 2, Seed = 2 }, TimeProvider.System, Token));
        return (Assert.Single(ClockFit.Fit(probes, ClockId.Target("box")).Segments), truth);
    }
}
