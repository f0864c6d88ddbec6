using MeterLab.Measurement.Samples;
using MeterLab.TestKit;

namespace MeterLab.MeterDrivers.Tests.Polling;

/// <summary>Everything runs on the test's own thread and clock: a timer that fires runs the poll to its end.</summary>
public sealed class MeterPollerTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly ManualTime _time = new();
    private readonly AcquisitionStatistics _statistics = new();
    private readonly CollectingSink _sink = new();

    [Fact]
    public async Task Polls_keep_their_grid_for_hours()
    {
        var stamps = new List<long>();
        await RunAsync(new ScriptedSource(_ => null) { OnTry = () => stamps.Add(_time.GetTimestamp()) }, TimeSpan.FromMilliseconds(333.3333), steps: 20_000, step: 7);

        // Each poll stands within one step of the test's clock behind its slot, the last as the first.
        var slot = TimeSpan.FromMilliseconds(333.3333).Ticks;
        Assert.All(stamps.Select((stamp, i) => stamp - i * slot), late => Assert.InRange(late, 0, TimeSpan.FromMilliseconds(8).Ticks));
        Assert.InRange(stamps.Count, 20_000 * 7 / 334, 20_000 * 7 / 333 + 1);
    }

    [Fact]
    public async Task A_failed_exchange_is_repeated_at_once_and_marked()
    {
        await RunAsync(new ScriptedSource(n => n == 1 ? TimedOut() : null), Interval, steps: 30);

        Assert.Equal([SampleFlags.None, SampleFlags.Retried, SampleFlags.None], Flags().Take(3));
        Assert.Equal((1, 0), (_statistics.Retries, _statistics.Lost));
        Assert.Equal(AcquisitionEventKind.Retry, Assert.Single(_sink.Events).Kind);
    }

    [Fact]
    public async Task A_sample_that_fails_twice_is_lost_counted_and_visible_as_a_gap()
    {
        await RunAsync(new ScriptedSource(n => n is 1 or 2 ? TimedOut() : null), Interval, steps: 40);

        Assert.Equal([SampleFlags.None, SampleFlags.Gap, SampleFlags.None], Flags().Take(3));
        Assert.Equal((1, 1, 0), (_statistics.Retries, _statistics.Lost, _statistics.Reconnections));
        Assert.Equal([AcquisitionEventKind.Retry, AcquisitionEventKind.Lost], _sink.Events.Select(e => e.Kind));
    }

    [Fact]
    public async Task A_closed_link_is_reopened_with_growing_pauses_and_every_empty_slot_is_counted()
    {
        var source = new ScriptedSource(n => n == 2 ? new LinkException(LinkFailure.Closed, "gone") : null)
        {
            Reopening = n => n < 3 ? new LinkException(LinkFailure.Unreachable, "refused") : null,
        };

        await RunAsync(source, Interval, steps: 300);

        // Pauses of 0.1, 0.2, 0.4 and 0.8 s after slot 2 at 0.2 s: back at 1.7 s.
        Assert.Equal(4, source.Reopenings);
        Assert.Equal((0, 1), (_statistics.Retries, _statistics.Reconnections));
        Assert.Equal(15, _statistics.Lost);
        Assert.Equal(
            [AcquisitionEventKind.Lost, AcquisitionEventKind.Disconnected, AcquisitionEventKind.Disconnected, AcquisitionEventKind.Reconnected],
            _sink.Events.Select(e => e.Kind));
        Assert.Equal(SampleFlags.Gap, Flags()[2]);
        Assert.Equal(SampleFlags.None, Flags()[3]);
    }

    [Fact]
    public async Task A_wire_that_stays_silent_is_reopened_after_three_lost_samples()
    {
        var source = new ScriptedSource(n => n is > 0 and <= 6 ? TimedOut() : null);

        await RunAsync(source, Interval, steps: 100);

        Assert.Equal(1, source.Reopenings);
        Assert.Contains(_sink.Events, e => e.Kind == AcquisitionEventKind.Reconnected);
        Assert.Equal(SampleFlags.Gap, Flags()[1]);
    }

    [Fact]
    public async Task A_meter_that_refuses_is_not_reconnected_but_every_sample_counts_as_lost()
    {
        var source = new ScriptedSource(_ => new MeterException(MeterFailure.Refused, "illegal data address"));

        await RunAsync(source, Interval, steps: 100);

        Assert.Equal(0, source.Reopenings);
        Assert.Equal(10, _statistics.Lost, 1.0);
        Assert.Empty(_sink.Samples);
    }

    [Fact]
    public async Task A_slow_exchange_is_no_loss_and_is_followed_at_once()
    {
        var stamps = new List<long>();
        var source = new ScriptedSource(n => null)
        {
            OnTry = () =>
            {
                stamps.Add(_time.GetTimestamp() / TimeSpan.TicksPerMillisecond);
                if (stamps.Count == 1)
                    _time.Advance(TimeSpan.FromMilliseconds(250));
            },
        };

        await RunAsync(source, Interval, steps: 30);

        Assert.Equal([0, 250, 300, 400, 500], stamps.Take(5));
        Assert.Equal(0, _statistics.Lost);
        Assert.All(Flags(), flags => Assert.Equal(SampleFlags.None, flags));
    }

    [Fact]
    public async Task A_defect_of_the_program_is_not_taken_for_a_fault_of_the_wire() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(new ScriptedSource(_ => new InvalidOperationException()), Interval, steps: 3));

    [Fact]
    public void A_sample_without_faults_allocates_nothing()
    {
        var sink = new CountingSink();
        using var cancel = new CancellationTokenSource();
        var environment = Environment();
        var poller = new MeterPoller(new ScriptedSource(_ => null), 4, environment, _statistics, sink);
        _ = poller.RunAsync(Interval, cancel.Token);
        Steps(1000);
        var samples = sink.Count;

        var before = GC.GetAllocatedBytesForCurrentThread();
        Steps(10_000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(40_000, sink.Count - samples);
        Assert.InRange(allocated, 0, 1000);
        cancel.Cancel();

        void Steps(int count)
        {
            for (var i = 0; i < count; i++)
                _time.Advance(Interval);
        }
    }

    private static LinkException TimedOut() => new(LinkFailure.TimedOut, "no answer");

    private SampleFlags[] Flags() => [.. _sink.Samples.Where(s => s.Trace == 0).Select(s => s.Sample.Flags)];

    private MeterEnvironment Environment() => new() { Clock = new FakeHostClock(), Time = _time, ProfileDirectory = "none" };

    private async Task RunAsync(ScriptedSource source, TimeSpan interval, int steps, int step = 10)
    {
        using var cancel = new CancellationTokenSource();
        var poller = new MeterPoller(source, 2, Environment(), _statistics, _sink);
        var run = poller.RunAsync(interval, cancel.Token);
        for (var i = 0; i < steps && !run.IsCompleted; i++)
            _time.Advance(TimeSpan.FromMilliseconds(step));
        await cancel.CancelAsync();
        await run;
    }

    private sealed class CountingSink : ISampleSink
    {
        public int Count { get; private set; }

        public void Accept(int trace, in RawSample sample) => Count++;

        public void Report(AcquisitionEvent acquisitionEvent)
        {
        }
    }
}
