using MeterLab.Storage.Traces;

namespace MeterLab.Storage.Tests;

/// <summary>Raw samples go as a whole, with a word where they were, and everything else stays.</summary>
public sealed class TracePruningTests : IDisposable
{
    private const string Other = "other-20260101T000000Z";

    private readonly StoreFolder _folder = new();
    private readonly Store _store;

    public TracePruningTests()
    {
        _store = _folder.OpenWithCampaign();
        _store.Campaigns.Add(StoreFolder.NewCampaign(Other, "other"));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_campaign_loses_its_samples_and_nothing_else_and_the_file_shrinks()
    {
        var (mine, theirs, free) = (await RecordAsync(StoreFolder.Campaign, 100_000), await RecordAsync(Other, 1000), await RecordAsync(null, 500));
        var before = _store.Info();

        _store.Pruning.Remove(StoreFolder.Campaign, "they were removed at noon");
        _store.Pruning.Compact();

        Assert.Equal((0L, 1000L, 500L), (Samples(mine), Samples(theirs), Samples(free)));
        Assert.Equal("they were removed at noon", _store.Pruning.WordsOf(StoreFolder.Campaign));
        Assert.Null(_store.Pruning.WordsOf(Other));
        var after = _store.Info();
        foreach (var (table, rows) in before.Rows.Where(row => row.Key is not ("chunk" or "finding")))
            Assert.Equal((table, rows), (table, after.Rows[table]));
        Assert.Equal(before.Rows["finding"] + 1, after.Rows["finding"]);
        Assert.True(after.Bytes < before.Bytes - 50_000, $"{before.Bytes} bytes became {after.Bytes}");
        Assert.True(_store.Verify(Token).Passed);
    }

    [Fact]
    public async Task There_is_a_share_a_campaign_and_one_a_trace_outside()
    {
        await RecordAsync(StoreFolder.Campaign, 100);
        await RecordAsync(StoreFolder.Campaign, 50);
        var free = await RecordAsync(null, 30);

        var shares = _store.Pruning.Shares();

        Assert.Equal([(StoreFolder.Campaign, 2L, 150L), (null, 1L, 30L)], shares.Select(share => ((string?)share.Campaign, share.Traces, share.Samples)));
        Assert.Equal(free, shares[1].Trace);
        Assert.All(shares, share => Assert.True(share is { Bytes: > 0, Chunks: > 0, RecordedUtcNs: > 1_700_000_000_000_000_000 }));
    }

    [Fact]
    public async Task A_trace_of_a_campaign_does_not_go_alone()
    {
        var (mine, free) = (await RecordAsync(StoreFolder.Campaign, 100), await RecordAsync(null, 30));

        Assert.Throws<ArgumentException>(() => _store.Pruning.Remove(mine));
        _store.Pruning.Remove(free);

        Assert.Equal((100L, 0L), (Samples(mine), Samples(free)));
        Assert.Equal(StoreFolder.Campaign, Assert.Single(_store.Pruning.Shares()).Campaign);
    }

    [Fact]
    public async Task A_word_that_cannot_be_kept_leaves_the_samples_there()
    {
        var mine = await RecordAsync(StoreFolder.Campaign, 100);

        Assert.Throws<StoreException>(() => _store.Pruning.Remove(StoreFolder.Campaign, "see https://ada:geheim@host/"));

        Assert.Equal(100, Samples(mine));
    }

    private long Samples(long trace) => _store.Traces.Span(trace)!.Samples;

    private async Task<long> RecordAsync(string? campaign, int count)
    {
        await using var recorder = _store.Traces.Record(campaign);
        var input = recorder.Add(StoreFolder.NewTrace());
        for (var i = 1; i <= count; i++)
        {
            input.Accept(StoreFolder.Poll(i * 1_000_000L, i * 7919L % 100_000));
            if (i % 2000 == 0)
                await recorder.FlushAsync(Token);
        }

        await recorder.StopAsync(Token);
        return input.Trace;
    }
}
