using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

using MeterLab.Cli.Tests.Reports;
using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Orchestrator.Reports;
using MeterLab.Storage;
using MeterLab.Storage.Campaigns;
using MeterLab.Storage.Results;
using MeterLab.Storage.Traces;

namespace MeterLab.Benchmarks;

/// <summary>
/// <c>meterlab report</c> on a store with a campaign of 10,000 runs and the traces of an hour: the program itself in a process of its own, from its
/// start to the last file, with its peak of resident memory. HTML, JSON and CSV together.
/// </summary>
internal static class ReportBenchmark
{
    private const int Runs = 10_000;
    private const double MostSeconds = 20;
    private const double MostMegabytes = 1000;
    private const string Campaign = "nightly-vision-20260101T010000Z";

    /// <summary>Prints time, memory and sizes; 1 where a bound is not kept.</summary>
    public static int Run()
    {
        var folder = Directory.CreateTempSubdirectory("meterlab-benchmark-").FullName;
        try
        {
            var database = Path.Combine(folder, "lab.db");
            FillAsync(database).GetAwaiter().GetResult();
            Console.WriteLine("| 10,000 runs, 30,000 estimates | time s | bound s | peak memory MB | bound MB | report.html MB | results.json MB | runs.csv rows |");
            Console.WriteLine("|---|---|---|---|---|---|---|---|");
            return Measure(database, Path.Combine(folder, "out")) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool Measure(string database, string output)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])
            [Path.Combine(AppContext.BaseDirectory, "meterlab.dll"), "report", "--db", database, "--campaign", Campaign, "--format", "html,json,csv", "--out", output])
            start.ArgumentList.Add(argument);
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var paths = process.StandardOutput.ReadToEndAsync();
        var peak = 0L;
        do
        {
            process.Refresh();
            if (!process.HasExited)
                peak = Math.Max(peak, process.PeakWorkingSet64);
        }
        while (!process.WaitForExit(20));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        if (process.ExitCode != 0)
        {
            Console.Error.WriteLine($"the report ended with {process.ExitCode}: {error.Result}{paths.Result}");
            return false;
        }

        var megabytes = peak / 1e6;
        var rows = File.ReadLines(Path.Combine(output, "runs.csv")).Count() - 1;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| report --format html,json,csv | {seconds:0.0} | {MostSeconds:0} | {megabytes:0} | {MostMegabytes:0} | {Size(output, "report.html"):0.0} | {Size(output, "results.json"):0.0} | {rows} |"));
        return seconds <= MostSeconds && megabytes <= MostMegabytes && rows >= Runs;
    }

    private static double Size(string folder, string file) => new FileInfo(Path.Combine(folder, file)).Length / 1e6;

    // Every estimate of every run, and one hour of a meter that is read ten times a second.
    private static async Task FillAsync(string database)
    {
        var clock = new SystemHostClock();
        using var store = Store.Open(database, new StoreOptions { Clock = clock });
        var anchor = clock.Anchor();
        var start = DateTimeOffset.FromUnixTimeMilliseconds(anchor.UtcNs / 1_000_000);
        store.Campaigns.Add(new CampaignRecord
        {
            Id = Campaign, Name = "nightly-vision", Rig = "bench-1", StartedUtcNs = anchor.UtcNs, TolerancePct = 5, Plan = "{}", RigText = "", CampaignText = "",
        });
        store.Clocks.AddAnchor(Campaign, anchor);
        await RecordAsync(store, anchor.MonotonicNs).ConfigureAwait(false);
        var results = SyntheticCampaign.Input(Runs).Results;
        store.Results.Add(new ResultRecord
        {
            Campaign = Campaign, Kind = CampaignRunner.ResultKind, Inputs = "{}",
            Document = JsonSerializer.Serialize(results with { Runs = [.. results.Runs.Select((run, i) => Placed(run, i, start))] }, ResultsJson.Options),
        });
        store.Campaigns.SetState(Campaign, CampaignState.Finished);
    }

    private static async Task RecordAsync(Store store, long beginNs)
    {
        await using var recorder = store.Traces.Record(Campaign);
        var input = recorder.Add(new TraceRecord
        {
            MeterUri = "virtual://wall",
            Description = new TraceDescription
            {
                Channel = new ChannelId("wall", "total"), Quantity = Quantity.ActivePower, Scale = new LinearScale(0.1), IntervalSeconds = 0.1,
                Response = new MeterResponse(0.1, 0.1, 0.03) { AveragingKnown = true, DelayKnown = true },
            },
        });
        var random = new Random(2);
        for (var i = 0; i < 36_000; i++)
        {
            var read = beginNs + (i * 100_000_000L);
            input.Accept(new RawSample(read, read, 0, 1500 + random.Next(900), SampleFlags.None));
            // The recorder drops what its queue cannot hold; here nothing waits for a meter.
            if (i % 2000 == 1999)
                await Task.Delay(600).ConfigureAwait(false);
        }

        await recorder.StopAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private static RunResult Placed(RunResult run, int i, DateTimeOffset start)
    {
        var from = start.AddSeconds(10 + (i % 100 * 35));
        return run with
        {
            Run = $"{Campaign}.{run.Workload}-{i + 1:00000}",
            Start = from.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
            End = from.AddSeconds(run.DurationS ?? 30).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
        };
    }
}
