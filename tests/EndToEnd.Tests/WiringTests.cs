using System.Buffers.Binary;
using System.Text.Json;

using MeterLab.MeterDrivers.Tests.Peers;

namespace MeterLab.EndToEnd.Tests;

/// <summary>
/// <c>rig identify</c>: a pattern played on the virtual machine and seen by its meters, and the loads of known power that nothing is run for, with Eastron
/// meters that pymodbus plays.
/// </summary>
[Collection(RealTime.Name)]
public sealed class WiringTests : IDisposable
{
    private readonly Folder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_pattern_finds_the_phase_that_the_load_is_really_on()
    {
        // The virtual machine is on l1 of its meter.
        _folder.Write("rig.yaml", """
            rig: bench
            meters:
              wall: { uri: "virtual://wall" }
              gpu: { uri: "virtual://gpu12v" }
            targets:
              node1:
                virtual: node1
                fed-by: [ { channel: wall/l2, scope: wall-ac }, { channel: gpu/ch1, scope: gpu-dc } ]
            """);

        var result = await MeterLabProcess.RunAsync(_folder.Path, "rig", "identify", "node1", "--json");

        Assert.True(result.ExitCode == 3, result.Error + result.Output);
        using var document = JsonDocument.Parse(result.Output);
        Assert.Equal("pattern", document.RootElement.GetProperty("test").GetString());
        var channels = document.RootElement.GetProperty("channels").EnumerateArray().ToDictionary(row => row.GetProperty("channel").GetString()!);
        var invalid = Findings(document).Where(finding => finding.Severity == "invalid").ToList();
        Assert.Equal("wiring-swapped", Assert.Single(invalid).Rule);
        Assert.Contains("wall/l1 does", invalid[0].Detail, StringComparison.Ordinal);
        foreach (var (channel, scope) in ((string, string?)[])[("gpu/ch1", "gpu-dc"), ("wall/l1", null), ("wall/total", null)])
        {
            Assert.True(channels[channel].GetProperty("moves").GetBoolean(), channel);
            Assert.True(channels[channel].GetProperty("step_w").GetDouble() > 0, channel);
            Assert.Equal(scope, channels[channel].GetProperty("scope").GetString());
        }

        Assert.False(channels["wall/l2"].GetProperty("moves").GetBoolean());
        // What the rig file leaves out is told, and no more than that.
        Assert.Equal(["wall/l1", "wall/total"], Findings(document).Where(finding => finding.Rule == "wiring-stranger").Select(finding => finding.Detail.Split(' ')[0]).Order());
    }

    [Fact]
    public async Task Without_load_every_meter_must_read_zero()
    {
        using var right = await StartAsync(0.02f);
        using var off = await StartAsync(3);
        using var unsure = await StartAsync(3);
        WriteRig(right, off, unsure, "absolute: 5W");

        var (result, rules) = await CheckAsync("--zero");

        Assert.Equal([("off/total", "zero-load")], rules);
        Assert.Equal((3, "zero"), (result.ExitCode, Test(result)));
        Assert.Contains("off/total reads 3 W where 0 W is right: +3 W", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_known_load_must_be_read_within_each_meters_own_uncertainty()
    {
        // Class 1 at 100 W is 1 W, rectangular: twice the standard uncertainty is 1.15 W.
        using var right = await StartAsync(101);
        using var off = await StartAsync(98);
        using var unsure = await StartAsync(98);
        WriteRig(right, off, unsure, "reading: 5%");

        var (result, rules) = await CheckAsync("--known", "100W");

        Assert.Equal([("off/total", "known-load")], rules);
        Assert.Equal((3, "known"), (result.ExitCode, Test(result)));
        Assert.Contains("off/total reads 98 W where 100 W is right: -2 W", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--zero", "--known", "100W")]
    [InlineData("--known", "100")]
    [InlineData("--known", "0.1A")]
    public async Task What_cannot_be_meant_is_refused_before_any_meter_is_asked(params string[] options)
    {
        _folder.Write("rig.yaml", """
            rig: bench
            meters:
              wall: { uri: "modbus-tcp://127.0.0.1:1/1?model=eastron-sdm230" }
            targets:
              node1: { local: true, fed-by: [ { channel: wall/total, scope: wall-ac } ] }
            """);

        var result = await MeterLabProcess.RunAsync(_folder.Path, ["rig", "identify", "node1", .. options]);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
    }

    private async Task<(MeterLabProcess.Result Result, List<(string Channel, string Rule)> Rules)> CheckAsync(params string[] options)
    {
        var result = await MeterLabProcess.RunAsync(_folder.Path, ["rig", "identify", "node1", "--json", .. options]);
        Assert.True(result.Output.Length > 0, result.Error);
        using var document = JsonDocument.Parse(result.Output);
        Assert.All(document.RootElement.GetProperty("channels").EnumerateArray(), row => Assert.True(row.GetProperty("samples").GetInt32() > 0, row.GetRawText()));
        return (result, [.. Findings(document).Select(finding => (finding.Detail.Split(' ')[0], finding.Rule))]);
    }

    private static string? Test(MeterLabProcess.Result result)
    {
        using var document = JsonDocument.Parse(result.Output);
        return document.RootElement.GetProperty("test").GetString();
    }

    private static List<(string Rule, string Severity, string Detail)> Findings(JsonDocument document) =>
    [
        .. document.RootElement.GetProperty("findings").EnumerateArray().Select(row =>
            (row.GetProperty("rule").GetString()!, row.GetProperty("severity").GetString()!, row.GetProperty("detail").GetString()!)),
    ];

    // An SDM230 at 230 V: singles, high word first.
    private static Task<ModbusPeer> StartAsync(float watts) =>
        ModbusPeer.StartAsync("pymodbus", null, 1, [.. Single(0x0000, 230), .. Single(0x000C, watts), .. Single(0x0046, 50)], Token);

    private static IEnumerable<(int, int, ushort)> Single(int address, float value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteSingleBigEndian(bytes, value);
        return [(4, address, BinaryPrimitives.ReadUInt16BigEndian(bytes)), (4, address + 1, BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(2)))];
    }

    private void WriteRig(ModbusPeer right, ModbusPeer off, ModbusPeer unsure, string accuracy) => _folder.Write("rig.yaml", FormattableString.Invariant($$"""
        rig: bench
        meters:
          right: { uri: "modbus-tcp://127.0.0.1:{{right.Port}}/1?model=eastron-sdm230&timeout=10s" }
          off: { uri: "modbus-tcp://127.0.0.1:{{off.Port}}/1?model=eastron-sdm230&timeout=10s" }
          unsure:
            uri: "modbus-tcp://127.0.0.1:{{unsure.Port}}/1?model=eastron-sdm230&timeout=10s"
            accuracy: { active-power: { {{accuracy}} } }
            role: check
        targets:
          node1:
            local: true
            fed-by:
              - { channel: right/total, scope: wall-ac }
              - { channel: off/total, scope: wall-ac }
              - { channel: unsure/total, scope: wall-ac }
        """));
}
