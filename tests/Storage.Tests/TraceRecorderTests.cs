using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.Storage.Traces;

using Microsoft.Data.Sqlite;

namespace MeterLab.Storage.Tests;

public sealed class TraceRecorderTests : IDisposable
{
    private const long Second = 1_000_000_000;

    private readonly StoreFolder _folder = new();
    private readonly Store _store;

    public TraceRecorderTests() => _store = _folder.OpenWithCampaign();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Samples_come_back_as_they_went_in()
    {
        await using var recorder = _store.Traces.Record(StoreFolder.Campaign);
        var wall = recorder.Add(StoreFolder.NewTrace());
        var gpu = recorder.Add(StoreFolder.NewTrace("gpu12v"));
        var samples = Enumerable.Range(1, 10_000).Select(i => StoreFolder.Poll(i * 50_000L, i % 7, i % 100 == 0 ? SampleFlags.Retried : 0)).ToArray();
        foreach (var sample in samples)
        {
            wall.Accept(sample);
            gpu.Accept(sample with { Code = -sample.Code });
        }

        await recorder.FlushAsync(Token);
        Assert.Equal(samples, Everything(wall));
        Assert.Equal(samples.Select(sample => sample with { Code = -sample.Code }), Everything(gpu));
        Assert.Equal((10_000, 0), (wall.Accepted, wall.Lost));
    }

    [Fact]
    public async Task A_trace_comes_back_with_its_description()
    {
        await using var recorder = _store.Traces.Record(StoreFolder.Campaign);
        var input = recorder.Add(StoreFolder.NewTrace() with { Run = StoreFolder.Run });
        var back = Assert.Single(_store.Traces.OfChannel(StoreFolder.Campaign, new ChannelId("wall", "total"), Quantity.ActivePower));
        Assert.Equal(StoreFolder.NewTrace() with { Id = input.Trace, Campaign = StoreFolder.Campaign, Run = StoreFolder.Run, Session = 1, Boot = "boot-1" }, back);
        Assert.Empty(_store.Traces.OfChannel(StoreFolder.Campaign, new ChannelId("wall", "total"), Quantity.EnergyImport));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_was_accepted_is_committed_twice_a_second_without_being_asked()
    {
        var token = TestContext.Current.CancellationToken;
        await using var recorder = _store.Traces.Record(StoreFolder.Campaign);
        var input = recorder.Add(StoreFolder.NewTrace());
        input.Accept(StoreFolder.Poll(Second, 1));
        _folder.Time.Advance(TraceRecorder.SealInterval);
        // The writer is a thread of its own: wait for it, not for the clock.
        while (_store.Traces.Span(input.Trace)!.Samples == 0)
            await Task.Delay(5, token);
        Assert.Single(Everything(input));
    }

    [Fact]
    public async Task No_chunk_spans_more_than_a_second_or_4096_samples()
    {
        await using var recorder = _store.Traces.Record(StoreFolder.Campaign);
        var slow = recorder.Add(StoreFolder.NewTrace());
        var fast = recorder.Add(StoreFolder.NewTrace("gpu12v"));
        for (var i = 1; i <= 10; i++)
            slow.Accept(StoreFolder.Poll(i * Second / 4, i));
        for (var i = 1; i <= 9000; i++)
            fast.Accept(StoreFolder.Poll(i * 50_000L, i));
        await recorder.StopAsync(Token);

        var chunks = _store.Traces.Read(slow.Trace).Concat(_store.Traces.Read(fast.Trace)).ToArray();
        Assert.All(chunks, chunk => Assert.InRange(chunk.LastNs - chunk.FirstNs, 0, Second));
        Assert.All(chunks, chunk => Assert.InRange(chunk.Samples.Length, 1, 4096));
        Assert.True(_store.Traces.Span(fast.Trace)!.Chunks >= 3);
    }

    [Fact]
    public async Task A_range_gives_what_touches_it_and_nothing_else()
    {
        await using var recorder = _store.Traces.Record(StoreFolder.Campaign);
        var input = recorder.Add(StoreFolder.NewTrace());
        for (var i = 1; i <= 100; i++)
            input.Accept(StoreFolder.Poll(i * Second, i));
        await recorder.FlushAsync(Token);
        var findings = new List<Finding>();
        var codes = _store.Traces.Samples(input.Trace, 10 * Second, 12 * Second, findings).Select(sample => sample.Code);
        Assert.Equal([10, 11, 12], codes);
        Assert.Empty(findings);
        Assert.Empty(_store.Traces.Samples(input.Trace, 200 * Second, 300 * Second, findings));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_disk_that_does_not_keep_up_costs_samples_that_are_counted_and_flagged()
    {
        var token = TestContext.Current.CancellationToken;
        await using var recorder = new TraceRecorder(_store.Context, _store.Traces, StoreFolder.Campaign, chunkCapacity: 2);
        var input = recorder.Add(StoreFolder.NewTrace());
        var sent = 0;
        using (var blocker = Database.Open(_folder.Path, SqliteOpenMode.ReadWrite))
        {
            blocker.InTransaction(() =>
            {
                blocker.Execute("DELETE FROM note");
                // With the disk held, the writer takes some chunks, the queue takes two, the buffer one: the rest must be lost.
                while (input.Lost < 10)
                    input.Accept(StoreFolder.Poll(++sent * 2 * Second, sent));
            });
        }

        await recorder.FlushAsync(token);
        input.Accept(StoreFolder.Poll(++sent * 2 * Second, sent));
        await recorder.StopAsync(token);

        Assert.Equal(sent, input.Accepted + input.Lost);
        var samples = Everything(input);
        Assert.Equal(input.Accepted, samples.Length);
        Assert.Equal(SampleFlags.Gap, samples[^1].Flags);
        Assert.Equal(input.Lost, _store.Traces.Span(input.Trace)!.Lost);
        Assert.Equal(10, _store.Traces.Read(input.Trace).Last().LostBefore);
        Assert.True(_store.Verify(token).Passed);
    }

    [Fact]
    public async Task A_failure_to_store_reaches_the_owner_and_what_follows_is_lost_by_count()
    {
        _store.Context.Database.Execute("CREATE TRIGGER no BEFORE INSERT ON chunk BEGIN SELECT RAISE(ABORT, 'the disk is on fire'); END");
        var recorder = _store.Traces.Record(StoreFolder.Campaign);
        var input = recorder.Add(StoreFolder.NewTrace());
        input.Accept(StoreFolder.Poll(Second, 1));
        var failure = await Assert.ThrowsAsync<StoreException>(() => recorder.FlushAsync(Token));
        Assert.Contains("the disk is on fire", failure.Message, StringComparison.Ordinal);

        input.Accept(StoreFolder.Poll(2 * Second, 2));
        Assert.Equal((0, 2), (input.Accepted, input.Lost));
        Assert.Same(failure, await Assert.ThrowsAsync<StoreException>(() => recorder.Completion));
        await Assert.ThrowsAsync<StoreException>(() => recorder.StopAsync(Token));
        await Assert.ThrowsAsync<StoreException>(() => recorder.FlushAsync(Token));
        recorder.Report("wall", "retry", 1, "too late");
        Assert.Equal(1, recorder.LostEvents);
    }

    [Fact]
    public async Task A_stopped_recorder_takes_nothing_in_silence()
    {
        var recorder = _store.Traces.Record(StoreFolder.Campaign);
        var input = recorder.Add(StoreFolder.NewTrace());
        input.Accept(StoreFolder.Poll(Second, 1));
        await recorder.StopAsync(Token);
        await recorder.DisposeAsync();
        input.Accept(StoreFolder.Poll(2 * Second, 2));
        Assert.Equal((1, 1), (input.Accepted, input.Lost));
        Assert.Single(Everything(input));
        Assert.Throws<InvalidOperationException>(() => recorder.Add(StoreFolder.NewTrace()));
    }

    [Fact]
    public async Task Events_on_a_wire_are_kept_in_order()
    {
        var recorder = _store.Traces.Record(StoreFolder.Campaign);
        recorder.Report("wall", "retry", 5, "timed out after 200 ms");
        recorder.Report("wall", "lost", 6, "gave up");
        await recorder.StopAsync(Token);
        Assert.Equal([("retry", 5L), ("lost", 6L)], _store.Meters.Events(StoreFolder.Campaign).Select(row => (row.Kind, row.HostNs)));
    }

    [Fact]
    public async Task Accepting_allocates_nothing_for_a_sample_once_it_is_warm()
    {
        await using var recorder = _store.Traces.Record(StoreFolder.Campaign);
        var input = recorder.Add(StoreFolder.NewTrace());
        long at = 0;
        await RoundAsync();
        await RoundAsync();
        // A buffer that the writer has not handed back yet is replaced by a new one (164 kB for 4096 samples): at most two of them. The smallest
        // object a sample, 24 bytes, would come to 480 kB.
        Assert.InRange(await RoundAsync(), 0, 400_000);

        async Task<long> RoundAsync()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 20_000; i++)
                input.Accept(StoreFolder.Poll(at += 50_000, i));
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            await recorder.FlushAsync(Token);
            return allocated;
        }
    }

    [Fact]
    public async Task Several_meters_record_at_once_and_nothing_is_lost()
    {
        await using var recorder = _store.Traces.Record(StoreFolder.Campaign);
        var inputs = Enumerable.Range(0, 4).Select(i => recorder.Add(StoreFolder.NewTrace($"m{i}"))).ToArray();
        await Parallel.ForEachAsync(inputs, Token, async (input, token) =>
        {
            for (var i = 1; i <= 50_000; i++)
            {
                input.Accept(StoreFolder.Poll(i * 50_000L, i));
                if (i % 10_000 == 0)
                    await recorder.FlushAsync(token);
            }
        });
        await recorder.FlushAsync(Token);
        foreach (var input in inputs)
        {
            Assert.Equal(0, input.Lost);
            Assert.Equal(Enumerable.Range(1, 50_000).Select(i => (long)i), Everything(input).Select(sample => sample.Code));
        }

        Assert.True(_store.Verify(Token).Passed);
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    private RawSample[] Everything(TraceInput input)
    {
        var findings = new List<Finding>();
        var samples = _store.Traces.Samples(input.Trace, long.MinValue, long.MaxValue, findings);
        Assert.Empty(findings);
        return samples;
    }

}
