using CsCheck;

using MeterLab.MeterDrivers.Serial.PowerSensor3;

namespace MeterLab.MeterDrivers.Tests.Serial;

public sealed class PowerSensor3ClockTests
{
    private const long HostStartNs = 5_000_000_000_000;
    private const long LatencyNs = 700_000;

    [Fact]
    public void Stamps_unwrap_exactly_whatever_spacing_and_jitter() =>
        Gen.Select(Gen.Int[45, 400], Gen.Int[1, 60], Gen.Int).Sample((spacing, batch, seed) =>
        {
            var host = new Play(spacing, seed);
            for (var i = 0; i < 200; i++)
            {
                foreach (var (step, error) in host.Read(batch, excessNs: host.Random.Next(400_000)))
                {
                    if (step.Lost != 0 || error != 0)
                        return false;
                }
            }

            return true;
        }, iter: 200);

    [Fact]
    public void A_loss_of_any_length_is_seen_and_its_turns_are_counted() =>
        Gen.Select(Gen.Int[45, 70], Gen.Int[2, 40_000], Gen.Int).Sample((spacing, lost, seed) =>
        {
            var host = new Play(spacing, seed);
            for (var i = 0; i < 400; i++)
                host.Read(20, host.Random.Next(200_000));
            // Whole turns are settled by the next full second of arrivals at the latest.
            host.Lose(lost);
            var seen = false;
            var error = long.MaxValue;
            for (var i = 0; i < 2_400_000 / (20 * spacing); i++)
            {
                foreach (var (step, deviation) in host.Read(20, host.Random.Next(200_000)))
                {
                    seen |= step.Lost > 0;
                    error = deviation;
                }
            }

            return seen && error == 0;
        }, iter: 60);

    [Fact]
    public void A_loss_that_looks_like_one_regular_step_is_found_by_the_hosts_clock()
    {
        // 41 sets of 50 us are 2050 us: two turns and 2 us.
        var host = new Play(50, 3);
        for (var i = 0; i < 400; i++)
            host.Read(20, 0);
        host.Lose(41);
        long error = -1;
        for (var i = 0; i < 2500; i++)
            error = host.Read(20, 0)[^1].Error;
        Assert.Equal(0, error);
    }

    [Fact]
    public void Two_crystals_that_differ_are_no_loss()
    {
        var host = new Play(50, 1, crystalPpm: 80);
        for (var i = 0; i < 20_000; i++)
            Assert.All(host.Read(20, host.Random.Next(300_000)), found => Assert.Equal(default, found.Step));
    }

    [Fact]
    public void A_device_that_comes_back_continues_where_the_hosts_clock_says()
    {
        var host = new Play(50, 2);
        for (var i = 0; i < 400; i++)
            host.Read(20, 0);
        host.Unplug(seconds: 3.3, newOffsetUs: 123);
        var (step, _) = host.Read(1, 0)[0];
        Assert.True(step.Jumped);
        Assert.InRange(step.Lost, 65_000, 67_000);
        Assert.InRange((host.Clock.DeviceNs - host.TruthNs) / 1e6, -1.1, 1.1);
    }

    // A device and the host that reads it, with the truth beside it.
    private sealed class Play(int spacingUs, int seed, double crystalPpm = 0)
    {
        private long _setUs;
        private long _offsetUs;

        public Random Random { get; } = new(seed);

        public PowerSensor3Clock Clock { get; } = new();

        public long TruthNs => _setUs * 1000;

        public List<(PowerSensor3Clock.Step Step, long Error)> Read(int sets, long excessNs)
        {
            var last = _setUs + (long)sets * spacingUs;
            var arrived = HostStartNs + (long)(last * 1000 * (1 + crystalPpm * 1e-6)) + LatencyNs + excessNs;
            List<(PowerSensor3Clock.Step, long)> found = [];
            for (var i = sets - 1; i >= 0; i--)
            {
                _setUs += spacingUs;
                var step = Clock.Next((int)((_setUs + _offsetUs) & 0x3FF), arrived, i, damaged: false);
                found.Add((step, Clock.DeviceNs / 1000 - _setUs));
            }

            Clock.EndRead(arrived);
            return found;
        }

        public void Lose(int sets) => _setUs += (long)sets * spacingUs;

        public void Unplug(double seconds, long newOffsetUs)
        {
            _setUs += (long)(seconds * 1e6);
            _offsetUs = newOffsetUs;
            Clock.Restart();
        }
    }
}
