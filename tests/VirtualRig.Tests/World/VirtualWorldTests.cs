using MeterLab.Measurement.Quantities;
using MeterLab.TestKit;
using MeterLab.VirtualRig.World;

namespace MeterLab.VirtualRig.Tests.World;

public class VirtualWorldTests
{
    [Fact]
    public async Task Power_follows_the_work_of_the_tick_before_and_every_scope_adds_up()
    {
        var clock = new FakeHostClock();
        var load = new SteppedLoad();
        var parameters = new WorldParameters { CpuRiseSeconds = 0, LogicalProcessors = 4 };
        await using var world = new VirtualWorld(clock, parameters, load);

        load.Cores = 3;
        clock.Advance(VirtualWorld.Tick);
        var workEnded = clock.MonotonicNs;
        Assert.Equal(14, world.Truth.PowerAt(Scope.CpuDc, workEnded).Value);
        world.Step();
        clock.Advance(VirtualWorld.Tick);

        var cpu = world.Truth.PowerAt(Scope.CpuDc, clock.MonotonicNs).Value;
        var gpu = world.Truth.PowerAt(Scope.GpuDc, clock.MonotonicNs).Value;
        var psu = world.Truth.PowerAt(Scope.PsuDc, clock.MonotonicNs).Value;
        var wall = world.Truth.PowerAt(Scope.WallAc, clock.MonotonicNs).Value;
        Assert.Equal(14 + 3 * 22, cpu, 9);
        Assert.Equal(9 + 3 * 45, gpu, 9);
        Assert.Equal(cpu + gpu + 21, psu, 9);
        Assert.Equal(psu * 1.04 + 6 + 5e-5 * psu * psu + 1.5, wall, 9);
    }

    [Fact]
    public async Task The_rise_time_delays_energy_and_loses_none()
    {
        var clock = new FakeHostClock();
        var load = new SteppedLoad { Cores = 1 };
        await using var world = new VirtualWorld(clock, new WorldParameters { CpuRiseSeconds = 0.05, LogicalProcessors = 1 }, load);
        var begin = clock.MonotonicNs;
        for (var tick = 0; tick < 400; tick++)
        {
            load.Cores = tick < 100 ? 1 : 0;
            clock.Advance(VirtualWorld.Tick);
            world.Step();
        }

        var energy = world.Truth.EnergyBetween(Scope.CpuDc, begin, clock.MonotonicNs).Value;
        Assert.Equal(14 * 4 + 22 * 1, energy, 3);
    }

    [Fact]
    public async Task The_same_script_and_the_same_steps_give_the_same_power()
    {
        Assert.Equal(await PlayAsync(7), await PlayAsync(7));
        Assert.NotEqual(await PlayAsync(7), await PlayAsync(8));

        static async Task<double[]> PlayAsync(int seed)
        {
            var clock = new FakeHostClock();
            var parameters = new WorldParameters
            {
                CpuScript = new PrbsWaveform(0, 30, 0.05, seed) + new WanderWaveform(0.5, 1, seed),
                GpuScript = new SquareWaveform(0, 100, 0.3) + new SpikesWaveform(50, 0.02, 0.25, seed),
                RestScript = new RampWaveform(20, 25, 1),
            };
            await using var world = new VirtualWorld(clock, parameters, new NoCpuLoad());
            var powers = new double[200];
            for (var i = 0; i < powers.Length; i++)
            {
                clock.Advance(VirtualWorld.Tick);
                world.Step();
                powers[i] = world.Truth.PowerAt(Scope.WallAc, clock.MonotonicNs).Value;
            }

            return powers;
        }
    }

    [Fact]
    public void A_pseudo_random_sequence_is_balanced_and_of_full_length()
    {
        var wave = new PrbsWaveform(0, 1, 1, 5);
        Assert.Equal(16384, Enumerable.Range(0, 32767).Sum(i => wave.WattsAt(i + 0.5)));
    }

    private sealed class SteppedLoad : ICpuLoad
    {
        public double Cores { get; set; }

        public double BusyCores(long nowNs, long elapsedNs) => Cores;
    }
}
