using MeterLab.MeterDrivers.I2c;

namespace MeterLab.MeterDrivers.Tests.I2c;

public sealed class ConversionTrackerTests
{
    private const double Typical = 10e-3;
    private const double Slowest = 1.1;

    // Periods within the oscillator's limits, and looks at any spacing up to a third of a conversion.
    [Theory]
    [InlineData(9.2e6, 1)]
    [InlineData(10e6, 2)]
    [InlineData(10.9e6, 3)]
    public void The_bracket_always_holds_the_end_and_becomes_narrow(double periodNs, int seed)
    {
        var random = new Random(seed);
        var tracker = new ConversionTracker();
        tracker.Restart(Typical, Slowest);
        var (now, lastLook, taken, first) = (1_000_000_000L, 1_000_000_000L, (long)Math.Floor(1e9 / periodNs), true);
        var widths = new List<long>();
        while (widths.Count < 5000)
        {
            now += random.NextInt64(2_000_000, 3_300_000);
            var ended = (long)Math.Floor(now / periodNs);
            if (ended != taken)
            {
                var (low, high) = (lastLook, now);
                var missed = tracker.Take(ref low, ref high);
                Assert.Equal(first ? 0 : ended - taken - 1, missed);
                first = false;
                Assert.InRange(ended * periodNs, low - 1, high + 1);
                taken = ended;
                widths.Add(high - low);
            }

            lastLook = now;
        }

        // Alone, a look knows it to about 2.6 ms; together, much better.
        Assert.True(widths.Skip(100).Average() < 0.3e6, $"{widths.Skip(100).Average() * 1e-6:0.000} ms");
    }

    [Fact]
    public void Every_conversion_that_went_by_unseen_is_counted()
    {
        var random = new Random(4);
        var tracker = new ConversionTracker();
        tracker.Restart(Typical, Slowest);
        const double Period = 9.7e6;
        var (now, lastLook, taken, missed, expected) = (1_000_000_000L, 1_000_000_000L, (long)Math.Floor(1e9 / Period), 0L, 0L);
        for (var i = 0; i < 20_000; i++)
        {
            // One poll in fifty is late by up to eight conversions.
            now += i % 50 == 49 ? random.NextInt64(3_000_000, 80_000_000) : random.NextInt64(2_000_000, 3_000_000);
            var ended = (long)Math.Floor(now / Period);
            if (ended != taken)
            {
                var (low, high) = (lastLook, now);
                var between = tracker.Take(ref low, ref high);
                missed += between;
                Assert.InRange(between, ended - taken - 1, ended - taken);
                Assert.InRange(ended * Period, low - 1, high + 1);
                expected += ended - taken - 1;
                taken = ended;
            }

            lastLook = now;
        }

        Assert.True(expected > 500);
        // Where a pause leaves open which of two it was, one too many is counted and never one too few.
        Assert.InRange(missed, expected, expected + 10);
    }

    [Fact]
    public void Another_beat_is_learnt_anew()
    {
        var tracker = new ConversionTracker();
        tracker.Restart(Typical, Slowest);
        var at = 0L;
        for (var i = 0; i < 50; i++)
            Take(at += 10_000_000);
        at += 4_000_000;
        for (var i = 0; i < 50; i++)
            Take(at += 10_500_000);

        void Take(long end)
        {
            var (low, high) = (end - 1_000_000, end + 1_000_000);
            tracker.Take(ref low, ref high);
            Assert.InRange(end, low, high);
        }
    }

    [Fact]
    public void A_drifting_oscillator_is_followed()
    {
        var tracker = new ConversionTracker();
        tracker.Restart(Typical, Slowest);
        var end = 1e9;
        var random = new Random(5);
        for (var i = 0; i < 100_000; i++)
        {
            // A warming chip: 1 % over 100,000 conversions.
            end += 10e6 * (1 + 1e-7 * i);
            var offset = random.NextInt64(2_500_000);
            var (low, high) = ((long)end - offset, (long)end + 2_500_000 - offset);
            Assert.Equal(0, tracker.Take(ref low, ref high));
            Assert.InRange(end, low - 20_000, high + 20_000);
        }
    }
}
