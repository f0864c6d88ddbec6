using System.Globalization;
using System.Text.Json;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Tests.Support;

namespace MeterLab.Cli.Tests;

public sealed class EnergyCommandTests : IDisposable
{
    private const long Epoch = 1_767_225_600;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // 10 ms means of 100 W, and of 150 W from second 2 to second 4, of six seconds; times are the ends.
    private string Trace(Func<int, string> time, string more = "", Func<int, bool>? keep = null)
    {
        var rows = Enumerable.Range(1, 600).Where(keep ?? (_ => true)).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"{time(i)},{(i is > 200 and <= 400 ? 150 : 100)}{more}"));
        return Write("trace.csv", ["time,active_power_w" + (more.Length > 0 ? ",note" : ""), .. rows]);
    }

    private static string Unix(int i) => string.Create(CultureInfo.InvariantCulture, $"{Epoch + i / 100}.{i % 100:00}");

    private static string Iso(int i) => string.Create(CultureInfo.InvariantCulture, $"2026-01-01T00:00:{i / 100:00}.{i % 100:00}Z");

    private string Write(string name, params string[] lines)
    {
        File.WriteAllLines(_folder[name], lines);
        return _folder[name];
    }

    private static Task<CommandRun> Energy(string trace, params string[] more) => CommandRun.OfAsync(["energy", trace, "--model", "fake-1", .. more]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_document_is_the_contracts(bool iso)
    {
        var windows = Write("windows.csv", "from,to,name", $"2026-01-01T00:00:02Z,2026-01-01T00:00:04Z,busy", $"{Epoch}.5,{Epoch}.75,idle");

        var run = await Energy(Trace(iso ? Iso : Unix, ",x"), "--windows", windows, "--json");

        Assert.True(run.ExitCode == 0, run.Error);
        var rows = run.Json.GetProperty("windows").EnumerateArray().ToArray();
        Assert.Equal(
            ["from", "to", "valid", "energy_j", "uncertainty_j", "k", "coverage", "longest_gap_s", "budget", "findings"],
            rows[0].EnumerateObject().Select(field => field.Name));
        Assert.Equal(300, rows[0].GetProperty("energy_j").GetDouble(), 1e-6);
        Assert.Equal(25, rows[1].GetProperty("energy_j").GetDouble(), 1e-6);
        Assert.Equal((2, 1), (rows[0].GetProperty("k").GetDouble(), rows[0].GetProperty("coverage").GetDouble()));
        // fake-1: 0.5 % of the reading and 0.1 W, rectangular; steps of 0.1 W.
        Assert.Equal(0.005 * 300 / Math.Sqrt(3), Source(rows[0], "gain"), 1e-9);
        Assert.Equal(0.1 * 2 / Math.Sqrt(3), Source(rows[0], "offset"), 1e-9);
    }

    [Fact]
    public async Task A_lag_moves_the_window_and_an_unknown_clock_costs_the_step()
    {
        var trace = Trace(Unix);

        var late = (await Energy(trace, "--from", $"{Epoch}.5", "--to", $"{Epoch + 3}", "--lag", "500ms", "--json")).Json.GetProperty("windows")[0];
        var unsure = (await Energy(trace, "--from", $"{Epoch + 2}", "--to", $"{Epoch + 4}", "--edge-uncertainty", "40ms", "--json")).Json.GetProperty("windows")[0];

        Assert.Equal(100 * 1 + 150 * 1.5, late.GetProperty("energy_j").GetDouble(), 1e-6);
        Assert.Equal(50 * 0.02, Source(unsure, "edges"), 0.1);
    }

    [Fact]
    public async Task A_window_beyond_the_trace_is_not_valid_and_the_exit_code_says_so()
    {
        var run = await Energy(Trace(Unix), "--from", $"{Epoch + 5}", "--to", $"{Epoch + 9}", "--json");

        Assert.Equal(3, run.ExitCode);
        var row = run.Json.GetProperty("windows")[0];
        Assert.False(row.GetProperty("valid").GetBoolean());
        Assert.Equal(JsonValueKind.Null, row.GetProperty("energy_j").ValueKind);
        Assert.Equal("beyond-trace", row.GetProperty("findings")[0].GetProperty("rule").GetString());
    }

    [Fact]
    public async Task A_gap_counts_as_the_contract_words_it()
    {
        var run = await Energy(Trace(Unix, keep: i => i is <= 100 or > 110), "--from", $"{Epoch}.5", "--to", $"{Epoch}.9", "--json");
        var gap = await Energy(Trace(Unix, keep: i => i is <= 100 or > 110), "--from", $"{Epoch}.5", "--to", $"{Epoch + 1}.5", "--json");

        Assert.Equal(1, run.Json.GetProperty("windows")[0].GetProperty("coverage").GetDouble());
        Assert.Equal(3, gap.ExitCode);
        Assert.Equal(0.89, gap.Json.GetProperty("windows")[0].GetProperty("coverage").GetDouble(), 1e-9);
        Assert.Equal(0.11, gap.Json.GetProperty("windows")[0].GetProperty("longest_gap_s").GetDouble(), 1e-9);
    }

    [Fact]
    public async Task A_register_that_contradicts_the_power_is_found()
    {
        // The power column is twice what the register counts: a transformer's ratio that was forgotten.
        var rows = Enumerable.Range(0, 6000).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"{Unix(i)},200,{Math.Floor(i * 0.01 * 100)}"));
        var trace = Write("both.csv", ["time,active_power_w,energy_import_j", .. rows]);

        var run = await CommandRun.OfAsync(
            "energy", trace, "--model", RegisterProfile(), "--from", $"{Epoch + 10}", "--to", $"{Epoch + 50}", "--json");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains(run.Json.GetProperty("windows")[0].GetProperty("findings").EnumerateArray(), f => f.GetProperty("rule").GetString() == "counter-disagrees");
    }

    [Fact]
    public async Task A_register_alone_is_enough()
    {
        var rows = Enumerable.Range(0, 6000).Select(i => string.Create(CultureInfo.InvariantCulture, $"{Unix(i)},{Math.Floor(i * 0.01 * 100 / 36) * 36}"));
        var trace = Write("register.csv", ["time,energy_import_j", .. rows]);

        var run = await CommandRun.OfAsync("energy", trace, "--model", RegisterProfile(), "--from", $"{Epoch + 10}", "--to", $"{Epoch + 50}", "--json");

        Assert.True(run.ExitCode == 0, run.Error);
        var row = run.Json.GetProperty("windows")[0];
        Assert.InRange(row.GetProperty("energy_j").GetDouble(), 4000 - row.GetProperty("uncertainty_j").GetDouble(), 4000 + row.GetProperty("uncertainty_j").GetDouble());
        Assert.InRange(row.GetProperty("uncertainty_j").GetDouble(), 40, 60);
    }

    [Theory]
    [InlineData("time,watts\n1,2\n", ":1: ", "active_power_w")]
    [InlineData("time,active_power_w\n1,2\nsoon,3\n", ":3: time: ", "'soon' is no time")]
    [InlineData("time,active_power_w\n1,2\n2,three\n", ":3: active_power_w: ", "'three' is no number")]
    [InlineData("time,active_power_w\n1,2\n2\n", ":3: ", "1 of 2 fields")]
    [InlineData("", ":0: |: ", "empty")]
    public async Task What_is_no_trace_is_refused_with_its_place(string content, string place, string problem)
    {
        File.WriteAllText(_folder["bad.csv"], content);

        var run = await Energy(_folder["bad.csv"], "--from", "0", "--to", "10");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(place.Split('|'), part => run.Error.Contains(part, StringComparison.Ordinal));
        Assert.Contains(problem, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("from,to\n5,5\n", ":2: to: ")]
    [InlineData("from,until\n5,6\n", ":1: ")]
    [InlineData("from,to\n5,never\n", ":2: to: ")]
    public async Task What_are_no_windows_is_refused_with_its_place(string content, string place)
    {
        File.WriteAllText(_folder["w.csv"], content);

        var run = await Energy(Trace(Unix), "--windows", _folder["w.csv"]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(place, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fake-2", "fake-1")]
    [InlineData("fake-1?shunt=2mohm", "takes no options")]
    [InlineData("ina226?shunt=2mohm", "max-current")]
    public async Task A_model_that_is_not_known_is_refused(string model, string says)
    {
        var run = await CommandRun.OfAsync("energy", Trace(Unix), "--model", model, "--from", "0", "--to", "10");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chip_takes_its_shunt_with_the_model()
    {
        var run = await CommandRun.OfAsync(
            "energy", Trace(Unix), "--model", "ina226?shunt=2mohm&max-current=20A&bus-voltage=12V", "--from", $"{Epoch + 2}", "--to", $"{Epoch + 4}", "--json");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.True(Source(run.Json.GetProperty("windows")[0], "offset") > 0.05 * 2 / Math.Sqrt(3));
    }

    [Fact]
    public async Task A_chip_without_its_shunt_says_what_its_uncertainty_lacks()
    {
        var output = new StringWriter();
        await CommandLine.RunAsync(
            ["energy", Trace(Unix), "--model", "ina226", "--from", $"{Epoch + 2}", "--to", $"{Epoch + 4}", "--json"],
            new Terminal(output, new StringWriter()), () => new Composition(), TestContext.Current.CancellationToken);

        var findings = JsonDocument.Parse(output.ToString()).RootElement.GetProperty("windows")[0].GetProperty("findings");
        Assert.Contains(findings.EnumerateArray(), f => f.GetProperty("rule").GetString() == "accuracy-partial");
    }

    private static double Source(JsonElement window, string source) => window.GetProperty("budget").EnumerateArray()
        .Single(row => row.GetProperty("source").GetString() == source).GetProperty("u_j").GetDouble();

    private string RegisterProfile() => Write(
        "lab-meter.yaml",
        "model: lab-meter", "vendor: Lab", "description: made for a test", "source: made up", "facts-mark: 0",
        "transports: { modbus-tcp: { port: 502 } }",
        "accuracy: { active-power: { reading: 1% }, energy-import: { reading: 1% } }",
        "resolution: { active-power: 0.1W }",
        "response: { update-period: 10ms }",
        "modbus:", "  table: input", "  type: f32", "  word-order: ABCD", "  max-registers: 80",
        "  registers:", "    - { channel: total, quantity: active-power, address: 0, unit: W }", "    - { channel: total, quantity: energy-import, address: 2, unit: kWh }");
}
