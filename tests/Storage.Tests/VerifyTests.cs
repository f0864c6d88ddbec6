using MeterLab.Measurement;
using MeterLab.Measurement.Samples;

namespace MeterLab.Storage.Tests;

public sealed class VerifyTests : IAsyncLifetime
{
    private readonly StoreFolder _folder = new();
    private long _trace;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A trace of ten chunks of two samples each, and one estimator's file.</summary>
    public async ValueTask InitializeAsync()
    {
        using var store = _folder.OpenWithCampaign();
        await using var recorder = store.Traces.Record(StoreFolder.Campaign);
        var input = recorder.Add(StoreFolder.NewTrace());
        _trace = input.Trace;
        for (var i = 0; i < 20; i++)
            input.Accept(StoreFolder.Poll(i * 600_000_000L, i));
        await recorder.StopAsync(Token);
        store.Outputs.Add(StoreFolder.Run, "codecarbon", "emissions.csv", "a,b\n"u8.ToArray());
    }

    [Fact]
    public void A_sound_store_passes_and_says_what_was_read()
    {
        using var store = _folder.Open();
        var check = store.Verify(Token);
        Assert.True(check.Passed);
        Assert.Equal((10, 20, 1), (check.Chunks, check.Samples, check.EstimatorFiles));
    }

    [Fact]
    public void Info_counts_what_is_there()
    {
        using var store = Store.OpenForReading(_folder.Path, _folder.Options);
        var info = store.Info();
        Assert.Equal((1, 10, 1), (info.Rows["campaign"], info.Rows["chunk"], info.Rows["estimator_output"]));
        var trace = Assert.Single(info.Traces);
        Assert.Equal(("wall/total", "active-power", 10, 20, 0), (trace.Channel, trace.Quantity, trace.Chunks, trace.Samples, trace.Lost));
        Assert.Equal((-1_000_000, 19 * 600_000_000L), (trace.FirstNs, trace.LastNs));
        Assert.InRange(info.BytesPerSample!.Value, 1, 30);
        Assert.True(info.Bytes > 10_000);
    }

    [Theory]
    [InlineData("UPDATE chunk SET payload = unhex(substr(hex(payload), 1, 12) || 'FF' || substr(hex(payload), 15)) WHERE sequence = 4", "checksum")]
    [InlineData("UPDATE chunk SET payload = substr(payload, 1, 3) WHERE sequence = 4", "checksum")]
    [InlineData("UPDATE chunk SET crc32c = crc32c + 1 WHERE sequence = 4", "checksum")]
    [InlineData("UPDATE chunk SET last_ns = last_ns + 1 WHERE sequence = 4", "its row does not match")]
    [InlineData("UPDATE chunk SET flags = 1 WHERE sequence = 4", "its row does not match")]
    [InlineData("UPDATE chunk SET count = 3 WHERE sequence = 4", "its row does not match")]
    public void A_damaged_chunk_is_named_and_the_rest_is_readable(string sql, string words)
    {
        _folder.Tamper(sql);
        using var store = _folder.Open();
        var finding = Assert.Single(store.Verify(Token).Findings);
        Assert.Equal(("damaged-chunk", Severity.Invalid), (finding.Rule, finding.Severity));
        Assert.Contains($"Trace {_trace} (wall/total), chunk 4: ", finding.Detail, StringComparison.Ordinal);
        Assert.Contains(words, finding.Detail, StringComparison.Ordinal);

        var findings = new List<Finding>();
        var samples = store.Traces.Samples(_trace, long.MinValue, long.MaxValue, findings);
        Assert.Contains("chunk 4", Assert.Single(findings).Detail, StringComparison.Ordinal);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19], samples.Select(sample => sample.Code));
        Assert.Equal([10L], samples.Where(sample => sample.Flags == SampleFlags.Gap).Select(sample => sample.Code));
    }

    [Fact]
    public void A_missing_chunk_is_named_and_flagged_as_a_gap()
    {
        _folder.Tamper("DELETE FROM chunk WHERE sequence IN (4, 5)");
        using var store = _folder.Open();
        Assert.Equal("missing-chunk", Assert.Single(store.Verify(Token).Findings).Rule);
        var findings = new List<Finding>();
        var samples = store.Traces.Samples(_trace, long.MinValue, long.MaxValue, findings);
        Assert.Contains("chunks 4 to 5 are missing", Assert.Single(findings).Detail, StringComparison.Ordinal);
        Assert.Equal([12L], samples.Where(sample => sample.Flags == SampleFlags.Gap).Select(sample => sample.Code));
    }

    [Fact]
    public void Swapped_chunks_do_not_pass()
    {
        _folder.Tamper("UPDATE chunk SET sequence = 100 WHERE sequence = 4; UPDATE chunk SET sequence = 4 WHERE sequence = 5; UPDATE chunk SET sequence = 5 WHERE sequence = 100");
        using var store = _folder.Open();
        var rules = store.Verify(Token).Findings.Select(finding => finding.Rule).ToHashSet();
        Assert.Contains("damaged-chunk", rules);
        Assert.Contains("chunk-order", rules);
    }

    [Fact]
    public void A_damaged_estimator_file_is_named_and_not_handed_out()
    {
        _folder.Tamper("UPDATE estimator_output SET content = x'00'");
        using var store = _folder.Open();
        var finding = Assert.Single(store.Verify(Token).Findings);
        Assert.Equal("damaged-file", finding.Rule);
        Assert.Contains("codecarbon, emissions.csv", finding.Detail, StringComparison.Ordinal);
        Assert.Equal(StoreFailure.Corrupt, Assert.Throws<StoreException>(() => store.Outputs.OfRun(StoreFolder.Run)).Failure);
    }

    [Fact]
    public void A_damaged_page_is_found_and_does_not_end_the_check()
    {
        // The last page of the file holds chunks or their index; zeros are no page.
        using (var file = File.OpenWrite(_folder.Path))
        {
            file.Position = file.Length - 4096;
            file.Write(new byte[4096]);
        }

        using var store = Store.OpenForReading(_folder.Path, _folder.Options);
        Assert.NotEmpty(store.Verify(Token).Findings);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
