using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.Storage.Campaigns;
using MeterLab.Storage.Traces;
using MeterLab.TestKit;

using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace MeterLab.Storage.Tests;

/// <summary>An empty folder for one test's store, with clocks that the test moves; gone afterwards.</summary>
internal sealed class StoreFolder : IDisposable
{
    public const string Campaign = "demo-20260101T000000Z";
    public const string Run = Campaign + "-r1";

    public string Folder { get; } = Directory.CreateTempSubdirectory("meterlab-store-").FullName;

    public string Path => System.IO.Path.Combine(Folder, "lab.db");

    public FakeHostClock Clock { get; } = new();

    public FakeTimeProvider Time { get; } = new();

    public StoreOptions Options => new() { Clock = Clock, Time = Time, Program = "meterlab test", Version = "1.2.3", Boot = "boot-1" };

    public Store Open() => Store.Open(Path, Options);

    /// <summary>A store with one campaign of one run.</summary>
    public Store OpenWithCampaign()
    {
        var store = Open();
        store.Campaigns.Add(NewCampaign(Campaign, "demo"));
        store.Runs.Add([NewRun(Run, 0)]);
        return store;
    }

    /// <summary>Does to the file what the program never would.</summary>
    public void Tamper(string sql)
    {
        using var database = Database.Open(Path, SqliteOpenMode.ReadWrite);
        database.Execute(sql);
    }

    public static CampaignRecord NewCampaign(string id, string name, long startedUtcNs = 1_767_225_600_000_000_000) => new()
    {
        Id = id, Name = name, Rig = "bench-1", StartedUtcNs = startedUtcNs, Seed = 7, TolerancePct = 5,
        Plan = """{"runs":1}""", RigText = "rig: bench-1\n", CampaignText = "campaign: demo\n", FileHashes = """{"a.yaml":"00"}""",
    };

    public static RunRecord NewRun(string id, int order, string campaign = Campaign) => new()
    {
        Id = id, Campaign = campaign, PlanOrder = order, Target = "node1", Workload = "burn", Parameters = """{"n":"1"}""", Repetition = 1,
    };

    public static TraceRecord NewTrace(string meter = "wall") => new()
    {
        MeterUri = $"virtual://{meter}",
        ProfileSha256 = "ab",
        Description = new TraceDescription
        {
            Channel = new ChannelId(meter, "total"),
            Quantity = Quantity.ActivePower,
            Scale = new LinearScale(0.1, -0.5),
            IntervalSeconds = 0.2,
            Response = new MeterResponse(0.1, 0.25, 0.05, ResponseShape.FirstOrder),
            Accuracy = new AccuracyLimit { ReadingPercent = 0.5, Absolute = 0.1 },
            Resolution = 0.1,
        },
    };

    /// <summary>A poll at a moment, with a millisecond of bracket.</summary>
    public static RawSample Poll(long atNs, long code, SampleFlags flags = SampleFlags.None) => new(atNs - 1_000_000, atNs, 0, code, flags);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
