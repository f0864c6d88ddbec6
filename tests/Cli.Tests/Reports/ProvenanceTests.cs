using System.Globalization;
using System.Security.Cryptography;
using System.Text;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Rendering.Html;
using MeterLab.Cli.Tests.Support;
using MeterLab.Measurement.Clocks;
using MeterLab.Orchestrator.Reports;
using MeterLab.Storage;
using MeterLab.Storage.Results;
using MeterLab.TestKit;

namespace MeterLab.Cli.Tests.Reports;

/// <summary>From a figure down to the raw chunks.</summary>
public sealed class ProvenanceTests
{
    [Fact]
    public async Task The_chunks_behind_a_run_are_those_that_its_window_touches()
    {
        using var lab = await StoredLab.CreateAsync();
        using var store = Store.OpenForReading(lab.Path, new StoreOptions { Clock = new FakeHostClock() });
        var campaign = StoredCampaign.Load(store, StoredLab.Campaign);

        var provenance = StoredProvenance.Of(campaign, campaign.RequireResults().Runs);

        var row = Assert.Single(provenance.Traces);
        var line = new HostTimeLine(store.Clocks.Anchors(StoredLab.Campaign).Select(anchor => anchor.Anchor));
        var chunks = store.Traces.Read(row.Trace, line.FromUtcNs(lab.StartUtcNs), line.FromUtcNs(lab.StartUtcNs + 10_000_000_000)).ToList();
        Assert.Equal("wall/total", row.Channel);
        Assert.Equal((chunks[0].Sequence, chunks[^1].Sequence, chunks.Count), (row.FirstChunk, row.LastChunk, row.Chunks));
        Assert.Equal(chunks.Sum(chunk => chunk.Samples.Length), row.Samples);
        Assert.InRange(row.Samples, 100, 300);
        var sums = string.Concat(store.Traces.Marks(row.Trace, long.MinValue, long.MaxValue).Where(mark => mark.Sequence >= row.FirstChunk && mark.Sequence <= row.LastChunk)
            .Select(mark => string.Create(CultureInfo.InvariantCulture, $"{mark.Sequence}:{mark.Checksum:x8}\n")));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(sums))), row.Digest);
        Assert.NotNull(provenance.ResultId);
    }

    [Fact]
    public void The_report_names_traces_chunks_probes_and_the_command_that_shows_them()
    {
        var html = ReportHtml.Render(SyntheticCampaign.Input());
        Assert.Contains("0 to 59 (60)", html, StringComparison.Ordinal);
        Assert.Contains("fitted anew from 812 probes, rows 3 to 814", html, StringComparison.Ordinal);
        Assert.Contains("meterlab export nightly-vision-20260101T010000Z.", html, StringComparison.Ordinal);
        Assert.Contains("row 4 of the table result", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_history_of_idle_powers_holds_stored_baselines_beside_what_the_runs_took()
    {
        using var lab = await StoredLab.CreateAsync();
        using (var store = Store.Open(lab.Path, new StoreOptions { Clock = new FakeHostClock() }))
        {
            for (var night = 0; night < 3; night++)
            {
                store.Baselines.Add(new BaselineRecord
                {
                    Target = "node1", Scope = "wall-ac", MeasuredUtcNs = lab.StartUtcNs - ((3 - night) * 86_400_000_000_000), StaticW = 60 + night, StandardUncertaintyW = 0.2,
                    Fingerprint = night < 2 ? "aaaa" : "bbbb",
                });
            }
        }

        using var reading = Store.OpenForReading(lab.Path, new StoreOptions { Clock = new FakeHostClock() });
        var campaign = StoredCampaign.Load(reading, StoredLab.Campaign);
        var results = campaign.RequireResults();
        var own = results with { Runs = [results.Runs[0] with { Static = new StaticResult(64, 640, 0.5) }] };

        var points = StoredProvenance.Baselines(campaign, own);

        Assert.Equal([60, 61, 62, 64], points.Select(point => point.StaticW));
        Assert.Equal([0.4, 0.4, 0.4, 0.5], points.Select(point => point.UncertaintyW!.Value));
        var html = ReportHtml.Render(new ReportInput { Results = own, Baselines = points });
        Assert.Contains("fingerprint changed 1 time", html, StringComparison.Ordinal);
    }
}
