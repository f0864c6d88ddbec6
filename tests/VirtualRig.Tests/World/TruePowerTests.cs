using CsCheck;

using MeterLab.Measurement.Quantities;
using MeterLab.TestKit;
using MeterLab.VirtualRig.World;

namespace MeterLab.VirtualRig.Tests.World;

public class TruePowerTests
{
    [Fact]
    public void Energy_is_watts_times_seconds_piece_by_piece()
    {
        var clock = new FakeHostClock();
        var begin = clock.MonotonicNs;
        var truth = new TruePower(clock, Wall(100));
        clock.Advance(TimeSpan.FromSeconds(2));
        truth.Append(Wall(40));
        clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(2 * 100 + 3 * 40, truth.EnergyBetween(Scope.WallAc, begin, clock.MonotonicNs).Value, 9);
        Assert.Equal(0.5 * 100 + 1 * 40, truth.EnergyBetween(Scope.WallAc, begin + 1_500_000_000, begin + 3_000_000_000).Value, 9);
        Assert.Equal(100, truth.PowerAt(Scope.WallAc, begin + 1_999_999_999).Value);
        Assert.Equal(40, truth.PowerAt(Scope.WallAc, begin + 2_000_000_000).Value);
    }

    [Fact]
    public void Before_it_began_the_machine_stood_idle_and_the_future_is_unknown()
    {
        var clock = new FakeHostClock();
        var truth = new TruePower(clock, Wall(100));
        Assert.Equal(100, truth.MeanBetween(Scope.WallAc, clock.MonotonicNs - 1_000_000_000, clock.MonotonicNs).Value, 9);
        Assert.Throws<InvalidOperationException>(() => truth.PowerAt(Scope.WallAc, clock.MonotonicNs + 1));
    }

    [Fact]
    public void The_energy_of_a_split_window_is_the_sum_of_its_parts() =>
        Gen.Select(Gen.Double[0, 500].Array[1, 60], Gen.Int[0, 1000], Gen.Int[0, 1000], Gen.Int[0, 1000]).Sample((watts, a, b, c) =>
        {
            var clock = new FakeHostClock();
            var begin = clock.MonotonicNs;
            var truth = new TruePower(clock, Wall(5));
            foreach (var w in watts)
            {
                clock.Advance(TimeSpan.FromMilliseconds(20));
                truth.Append(Wall(w));
            }

            var length = clock.MonotonicNs - begin;
            var cuts = new[] { a, b, c }.Order().Select(cut => begin + length * cut / 1000).ToArray();
            double Energy(long from, long to) => truth.EnergyBetween(Scope.WallAc, from, to).Value;
            Assert.Equal(Energy(cuts[0], cuts[2]), Energy(cuts[0], cuts[1]) + Energy(cuts[1], cuts[2]), 6);
        });

    [Fact]
    public void What_is_forgotten_is_refused_and_what_is_kept_stays_right()
    {
        var clock = new FakeHostClock();
        var begin = clock.MonotonicNs;
        var truth = new TruePower(clock, Wall(1), capacity: 1024);
        for (var i = 0; i < 3000; i++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(10));
            truth.Append(Wall(i));
        }

        var now = clock.MonotonicNs;
        Assert.Throws<InvalidOperationException>(() => truth.EnergyBetween(Scope.WallAc, begin, now));
        Assert.Equal((2998 + 2997) * 0.01, truth.EnergyBetween(Scope.WallAc, now - 20_000_000, now).Value, 6);
    }

    [Fact]
    public void A_scope_that_the_world_does_not_model_is_refused()
    {
        var clock = new FakeHostClock();
        var truth = new TruePower(clock, Wall(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => truth.PowerAt(Scope.DramDc, clock.MonotonicNs));
    }

    private static ScopeValues Wall(double watts) => new(0, 0, 0, watts);
}
