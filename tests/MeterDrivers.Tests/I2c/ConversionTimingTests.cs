using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.I2c;
using MeterLab.MeterDrivers.Tests.Polling;
using MeterLab.TestKit;

namespace MeterLab.MeterDrivers.Tests.I2c;

/// <summary>An INA226 whose conversions end at known moments of a clock that only the test moves.</summary>
public sealed class ConversionTimingTests : IDisposable
{
    // 64 x 2 x 1.1 ms, on an oscillator that is 3 % slow.
    private const string Uri = "i2c://1/0x40?model=ina226&shunt=2mohm&max-current=20A&average=64&conversion-time=1100us";
    private const double PeriodNs = 140.8e6 * 1.03;

    private readonly FakeHostClock _clock = new();
    private readonly ManualTime _time = new();
    private readonly ModelChip _chip = new("ina226") { AlwaysReady = false };
    private readonly FakeBus _bus = new();
    private readonly long _origin;
    private long _ended;

    public ConversionTimingTests()
    {
        _bus.Chips[0x40] = _chip.Chip;
        _origin = _clock.MonotonicNs;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _bus.Dispose();

    [Fact]
    public async Task Every_conversion_is_taken_once_and_stamped_where_its_window_ended()
    {
        await using var meter = await OpenAsync();
        var sink = new CollectingSink(int.MaxValue);
        await RunAsync(meter, sink, looks: 400, _ => TimeSpan.FromMilliseconds(36));

        Assert.InRange(sink.Samples.Count, 95, 100);
        Assert.Equal(0, meter.Statistics.Lost);
        // Each conversion's code is its number.
        long[] codes = [.. sink.Samples.Select(s => s.Sample.Code)];
        Assert.Equal(Enumerable.Range(0, codes.Length).Select(i => codes[0] + i), codes);
        Assert.All(sink.Samples, s => Assert.InRange(_origin + s.Sample.Code * PeriodNs, s.Sample.BeforeNs - 1, s.Sample.AfterNs + 1));

        // What comes out of the store: ends of windows, and windows as long as the chip's real ones.
        var series = UpdateSeries.FromRaw(meter.Traces[0], [.. sink.Samples.Select(s => s.Sample)]);
        Assert.Equal(sink.Samples.Count, series.Count);
        for (var i = 0; i < series.Count; i++)
        {
            // The middle of what two looks leave open.
            var sample = sink.Samples[i].Sample;
            Assert.Equal(_origin + codes[i] * PeriodNs, series.EndNs[i], (sample.AfterNs - sample.BeforeNs) / 2.0 + 1);
        }

        Assert.True(sink.Samples.Skip(1).Average(s => s.Sample.AfterNs - s.Sample.BeforeNs) < 0.25 * PeriodNs);
        Assert.Equal(PeriodNs * 1e-9, series.AveragingSeconds, 0.03 * PeriodNs * 1e-9);
    }

    [Fact]
    public async Task A_conversion_that_went_by_unseen_is_counted_and_flagged()
    {
        await using var meter = await OpenAsync();
        var sink = new CollectingSink(int.MaxValue);
        await RunAsync(meter, sink, looks: 200, look => TimeSpan.FromMilliseconds(look is 100 or 150 ? 480 : 36));

        var jumps = sink.Samples.Zip(sink.Samples.Skip(1), (a, b) => (Step: b.Sample.Code - a.Sample.Code, b.Sample.Flags)).ToArray();
        Assert.Equal(2, jumps.Count(jump => jump.Step > 1));
        Assert.All(jumps, jump => Assert.Equal(jump.Step > 1 ? SampleFlags.Gap : SampleFlags.None, jump.Flags));
        Assert.Equal(jumps.Sum(jump => jump.Step - 1), meter.Statistics.Lost);
        Assert.Contains(sink.Events, e => e.Detail.Contains("ended between two looks", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Asked_for_less_than_every_second_conversion_it_gives_the_newest_and_calls_nothing_lost()
    {
        await using var meter = await OpenAsync();
        var sink = new CollectingSink(int.MaxValue);
        await RunAsync(meter, sink, looks: 30, _ => TimeSpan.FromMilliseconds(1001), interval: TimeSpan.FromSeconds(1));
        Assert.InRange(sink.Samples.Count, 28, 30);
        Assert.All(sink.Samples, s => Assert.Equal(SampleFlags.None, s.Sample.Flags));
        Assert.All(sink.Samples, s => Assert.InRange(_origin + s.Sample.Code * PeriodNs, s.Sample.BeforeNs - 1, s.Sample.AfterNs + 1));
        Assert.Equal(0, meter.Statistics.Lost);
        // The window stays the chip's own, however seldom it is asked for.
        var series = UpdateSeries.FromRaw(meter.Traces[0], [.. sink.Samples.Select(s => s.Sample)]);
        Assert.Equal(0.1408, series.AveragingSeconds, 1e-9);
        Assert.Equal(1, series.PeriodSeconds, 1e-2);
    }

    private async Task<IMeter> OpenAsync()
    {
        Advance(TimeSpan.FromSeconds(1));
        var environment = new MeterEnvironment { Clock = _clock, Time = _time, ProfileDirectory = ".", OpenI2cBus = _ => _bus };
        var opening = new I2cOpener().OpenAsync(MeterUri.Parse(Uri), "rail", environment, Token);
        while (!opening.IsCompleted)
        {
            Advance(TimeSpan.FromMilliseconds(20));
            await Task.Yield();
        }

        return await opening;
    }

    private async Task RunAsync(IMeter meter, CollectingSink sink, int looks, Func<int, TimeSpan> spacing, TimeSpan? interval = null)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var count = 0;
        var reading = _chip.Chip.Reading!;
        _chip.Chip.Reading = register =>
        {
            if (register == 0x06)
                Interlocked.Increment(ref count);
            reading(register);
        };
        var running = meter.AcquireAsync(new AcquisitionRequest([0], interval), sink, stop.Token);
        for (var look = 0; look < looks; look++)
        {
            // The poller runs on the pool until it waits for the next moment of the clock.
            var before = Volatile.Read(ref count);
            Advance(spacing(look));
            for (var spins = 0; Volatile.Read(ref count) == before && spins < 200; spins++)
                await Task.Delay(1, Token);
            await Task.Delay(1, Token);
        }

        await stop.CancelAsync();
        await running;
    }

    private void Advance(TimeSpan span)
    {
        _clock.Advance(span);
        var ended = (long)Math.Floor((_clock.MonotonicNs - _origin) / PeriodNs);
        if (ended != _ended)
        {
            _ended = ended;
            // POWER = CURRENT x 20000 / 20000 at CAL 4194.
            _chip.Convert((long)Math.Ceiling(ended * 2048.0 / 4194), 20000);
            _chip.Chip.Set(0x03, ended);
        }

        _time.Advance(span);
    }
}
