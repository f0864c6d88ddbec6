using System.Globalization;
using System.Text.Json;

using Parquet;
using Parquet.Schema;

using MeterLab.Cli.Tests.Support;

namespace MeterLab.Cli.Tests;

public sealed class MeterCommandTests
{
    [Fact]
    public async Task Read_gives_the_contracts_document()
    {
        var run = await CommandRun.OfAsync("meter", "read", "fake://bench?model=fake-1", "--json");

        var json = run.Json;
        Assert.Equal("fake://bench?model=fake-1", json.GetProperty("uri").GetString());
        Assert.Equal("fake-1", json.GetProperty("model").GetString());
        Assert.Equal("Fake", json.GetProperty("identity").GetProperty("vendor").GetString());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("identity").GetProperty("firmware").ValueKind);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$", json.GetProperty("time").GetString());
        var power = json.GetProperty("readings")[0];
        // Limits of 0.5 % of reading and 0.1 W, rectangular.
        var u = Math.Sqrt(Math.Pow(0.005 * FakeMeter.Watts, 2) + 0.1 * 0.1) / Math.Sqrt(3);
        Assert.Equal(u, power.GetProperty("u").GetDouble(), 12);
        Assert.Equal("model", power.GetProperty("u_from").GetString());
        Assert.Equal(
            """{"channel":"total","quantity":"active-power","value":123.4,"unit":"W","flags":[]}""",
            Compact(power).Replace($"\"u\":{power.GetProperty("u").GetRawText()},\"u_from\":\"model\",", "", StringComparison.Ordinal));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("rig").ValueKind);
        var voltage = json.GetProperty("readings")[1];
        Assert.Equal(
            """{"channel":"total","quantity":"voltage","value":null,"unit":"V","u":null,"u_from":null,"flags":["retried","not-available"]}""", Compact(voltage));
    }

    [Fact]
    public async Task Models_give_the_contracts_document()
    {
        var json = (await CommandRun.OfAsync("meter", "models", "--json")).Json;

        Assert.Equal(
            """
            {"model":"fake-1","vendor":"Fake","transports":["fake"],"quantities":["active-power","voltage"],
            "accuracy":{"active-power":{"reading_pct":0.5,"range_pct":0,"range":null,"absolute":0.1}},"resolution":{"active-power":0.1},
            "update_period_s":0.01,"averaging_s":null,"delay_s":null,"facts_mark":1,"source":"made up"}
            """.ReplaceLineEndings(""),
            Compact(Assert.Single(json.EnumerateArray())));
    }

    [Fact]
    public async Task Watch_gives_one_array_however_it_ends()
    {
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var forever = CommandRun.OfAsync(interrupt.Token, "meter", "watch", "fake://bench", "--interval", "1h", "--json");
        await interrupt.CancelAsync();
        var ended = await CommandRun.OfAsync("meter", "watch", "fake://bench", "--interval", "1ms", "--seconds", "0.0025", "--json");

        Assert.Equal(JsonValueKind.Array, (await forever).Json.ValueKind);
        Assert.InRange(ended.Json.GetArrayLength(), 1, 3);
        Assert.Equal(0, ended.ExitCode);
    }

    [Fact]
    public async Task Record_writes_times_in_utc_that_increase()
    {
        using var folder = new TemporaryFolder();

        var run = await CommandRun.OfAsync("meter", "record", "fake://bench", "--seconds", "0.3", "--out", folder["trace.csv"]);

        Assert.Equal((0, ""), (run.ExitCode, run.Output));
        var lines = await File.ReadAllLinesAsync(folder["trace.csv"], TestContext.Current.CancellationToken);
        Assert.Equal("time,active_power_w", lines[0]);
        Assert.True(lines.Length > 5, run.Error);
        var times = lines[1..].Select(line => line.Split(',')[0]).ToArray();
        Assert.All(times, time => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$", time));
        Assert.Equal(times.Order(StringComparer.Ordinal), times);
        Assert.Equal(100.1, double.Parse(lines[1].Split(',')[1], CultureInfo.InvariantCulture), 9);
        Assert.False(File.Exists(folder["trace.csv.unfinished"]));
    }

    [Fact]
    public async Task Record_into_parquet_keeps_times_and_values()
    {
        using var folder = new TemporaryFolder();
        var path = folder["trace.parquet"];

        var run = await CommandRun.OfAsync("meter", "record", "fake://bench", "--channel", "l1", "--seconds", "0.3", "--out", path);

        Assert.True(run.ExitCode == 0, run.Error);
        await using var reader = await ParquetReader.CreateAsync(path, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["time", "active_power_w"], reader.Schema.DataFields.Select(field => field.Name));
        using var group = reader.OpenRowGroupReader(0);
        var watts = new double[group.RowCount];
        await group.ReadAsync<double>(reader.Schema.DataFields[1], watts, cancellationToken: TestContext.Current.CancellationToken);
        var times = new DateTime[group.RowCount];
        await group.ReadAsync<DateTime>(reader.Schema.DataFields[0], times, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(100.1, watts[0], 9);
        Assert.Equal(DateTimeTimeUnit.Nanos, Assert.IsType<DateTimeDataField>(reader.Schema.DataFields[0]).Unit);
        Assert.Equal(times.Order(), times);
        Assert.InRange((TimeProvider.System.GetUtcNow().UtcDateTime - times[0]).TotalMinutes, 0, 10);
    }

    [Fact]
    public async Task An_interrupted_recording_keeps_what_came()
    {
        using var folder = new TemporaryFolder();
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        interrupt.CancelAfter(TimeSpan.FromMilliseconds(300));

        var run = await CommandRun.OfAsync(interrupt.Token, "meter", "record", "fake://bench", "--seconds", "3600", "--out", folder["trace.csv"]);

        Assert.Equal(130, run.ExitCode);
        Assert.True((await File.ReadAllLinesAsync(folder["trace.csv"], TestContext.Current.CancellationToken)).Length > 1);
    }

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);
}
