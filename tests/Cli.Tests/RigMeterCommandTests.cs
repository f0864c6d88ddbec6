using System.Globalization;
using System.Text.Json;

using MeterLab.Cli.Tests.Support;

namespace MeterLab.Cli.Tests;

/// <summary>A meter of the rig file shows what the rig file says of it, whether it is asked for by its name or by its address.</summary>
public sealed class RigMeterCommandTests : IDisposable
{
    private const double Ratio = 20;
    private const double Gain = 1.002;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("stated")]
    [InlineData("fake://bench?a=1&model=fake-1")]
    public async Task Accuracy_of_the_rig_file_replaces_the_models(string meter)
    {
        var (row, json) = await ReadAsync(meter);

        // Its limits: 0.2 % of reading and 0.05 W, rectangular.
        Assert.Equal(Math.Sqrt(Math.Pow(0.002 * FakeMeter.Watts, 2) + 0.05 * 0.05) / Math.Sqrt(3), row.GetProperty("u").GetDouble(), 12);
        Assert.Equal(("rig-file", FakeMeter.Watts), (row.GetProperty("u_from").GetString(), row.GetProperty("value").GetDouble()));
        Assert.Equal("stated", json.GetProperty("rig").GetProperty("meter").GetString());
        Assert.Equal(_folder["rig.yaml"], json.GetProperty("rig").GetProperty("file").GetString());
    }

    [Fact]
    public async Task A_certificate_corrects_the_value_and_states_the_gain()
    {
        var (row, json) = await ReadAsync("certified");

        var watts = FakeMeter.Watts * Gain;
        Assert.Equal(watts, row.GetProperty("value").GetDouble(), 9);
        // Half the expanded 0.05 % of the certificate, and the model's 0.1 W as before.
        Assert.Equal(Math.Sqrt(Math.Pow(0.0005 / 2 * watts, 2) + 0.1 * 0.1 / 3), row.GetProperty("u").GetDouble(), 12);
        Assert.Equal("certificate", row.GetProperty("u_from").GetString());
        Assert.Equal(
            """{"number":"K-7","date":"2026-03-01","gain":1.002,"uncertainty":0.0005,"k":2}""",
            JsonSerializer.Serialize(json.GetProperty("rig").GetProperty("certificate")));
    }

    [Fact]
    public async Task A_transformers_ratio_multiplies_value_and_uncertainty()
    {
        var (row, _) = await ReadAsync("transformed");

        Assert.Equal(Ratio * FakeMeter.Watts, row.GetProperty("value").GetDouble(), 9);
        Assert.Equal(Ratio * Math.Sqrt(Math.Pow(0.005 * FakeMeter.Watts, 2) + 0.1 * 0.1) / Math.Sqrt(3), row.GetProperty("u").GetDouble(), 9);
        Assert.Equal("model", row.GetProperty("u_from").GetString());
    }

    [Fact]
    public async Task People_are_told_where_the_uncertainty_comes_from()
    {
        var run = await RunAsync("meter", "read", "certified");

        Assert.Contains($"meter 'certified' of {_folder["rig.yaml"]}: power and energy times 1.002 (certificate K-7 of 2026-03-01)", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"active-power\s.*W\s+certificate", run.Output);
    }

    [Fact]
    public async Task The_same_meter_with_other_options_is_named_and_left_as_it_is()
    {
        var run = await RunAsync("meter", "read", "fake://bench?model=fake-1&a=2", "--json");

        Assert.Equal(JsonValueKind.Null, run.Json.GetProperty("rig").ValueKind);
        Assert.Equal("model", run.Json.GetProperty("readings")[0].GetProperty("u_from").GetString());
        Assert.Contains("'stated', with another port or other options", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_shows_the_same_as_read()
    {
        var run = await RunAsync("meter", "watch", "transformed", "--interval", "1h", "--seconds", "0.001", "--json");

        var row = run.Json[0].GetProperty("readings")[0];
        Assert.Equal(Ratio * FakeMeter.Watts, row.GetProperty("value").GetDouble(), 9);
        Assert.Contains("times 20 (ct-ratio)", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_writes_the_watts_of_the_primary_side()
    {
        var run = await RunAsync("meter", "record", "transformed", "--seconds", "0.3", "--out", _folder["trace.csv"]);

        Assert.True(run.ExitCode == 0, run.Error);
        var first = (await File.ReadAllLinesAsync(_folder["trace.csv"], TestContext.Current.CancellationToken))[1];
        Assert.Equal(Ratio * 100.1, double.Parse(first.Split(',')[1], CultureInfo.InvariantCulture), 6);
        Assert.Contains("times 20 (ct-ratio)", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_the_rig_file_does_not_have_is_told_with_the_nearest()
    {
        var run = await RunAsync("meter", "read", "statet");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("'stated'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rig_file_that_was_named_and_is_wrong_is_refused_even_for_an_address()
    {
        var rig = _folder.Write("wrong.yaml", "rig: bench\nmetres: {}\n");

        var run = await CommandRun.OfAsync("meter", "read", "fake://bench?model=fake-1", "--rig", rig);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
    }

    private async Task<(JsonElement Power, JsonElement Document)> ReadAsync(string meter)
    {
        var run = await RunAsync("meter", "read", meter, "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        return (run.Json.GetProperty("readings")[0], run.Json);
    }

    private Task<CommandRun> RunAsync(params string[] args)
    {
        var rig = _folder.Write("rig.yaml", FormattableString.Invariant($$"""
            rig: bench
            store: lab.db
            meters:
              stated:
                uri: "fake://bench?model=fake-1&a=1"
                accuracy: { active-power: { reading: 0.2%, absolute: 0.05W } }
              certified:
                uri: "fake://bench?model=fake-1&b=1"
                certificate: { number: K-7, date: 2026-03-01, gain: {{Gain}}, uncertainty: 0.05% }
              transformed:
                uri: "fake://bench?model=fake-1&c=1"
                ct-ratio: {{Ratio}}
            targets:
              node1: { local: true }
            """));
        return CommandRun.OfAsync([.. args, "--rig", rig]);
    }
}
