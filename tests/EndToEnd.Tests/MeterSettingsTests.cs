using System.Text.Json;

using Microsoft.Data.Sqlite;

using MeterLab.MeterDrivers.Tests.Peers;

namespace MeterLab.EndToEnd.Tests;

/// <summary>
/// Settings of a Carlo Gavazzi meter that a pymodbus server plays: shown, written when asked, read back, and kept. As it is shipped, in mode A, it counts
/// what flows back as drawn.
/// </summary>
public sealed class MeterSettingsTests : IDisposable
{
    private const int Model = 0x000B;
    private const int Mode = 0x1103;
    private const int Unit = 3;

    // 230.0 V at the first phase and 512.0 W in total, low word first, tenths.
    private static readonly (int, int, ushort)[] ModeA = [(3, Model, 340), (3, Mode, 0), (3, 0x0000, 2300), (3, 0x0028, 5120)];

    private readonly Folder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_wrong_is_shown_written_when_asked_and_right_afterwards()
    {
        using var peer = await ModbusPeer.StartAsync("pymodbus", null, Unit, ModeA, Token);

        var misled = await RunAsync(peer, "read");
        var before = await RunAsync(peer, "settings", "diff");
        var unasked = await RunAsync(peer, "settings", "apply");
        var applied = await RunAsync(peer, "settings", "apply", "--yes");
        var after = await RunAsync(peer, "settings", "diff");
        var read = await RunAsync(peer, "read");

        Assert.Equal(1, misled.ExitCode);
        Assert.Contains("its figures mislead", misled.Error, StringComparison.Ordinal);
        Assert.Equal((3, "0", false), Shown(before));
        Assert.Equal((2, ""), (unasked.ExitCode, unasked.Output));
        Assert.Contains("nothing was written", unasked.Error, StringComparison.Ordinal);
        Assert.Contains("will set measurement-mode from 0 to 1", applied.Error, StringComparison.Ordinal);
        Assert.Equal((0, "1", true), Shown(applied));
        Assert.Equal((0, "1", true), Shown(after));
        Assert.Equal(0, read.ExitCode);
        Assert.Equal(512, Power(read), 1e-9);
        Assert.Equal([("before", "0", "1", false), ("applied", "1", "1", true)], Kept());
        Assert.Equal([(Mode, 1)], await peer.StopAsync(Token));
    }

    [Fact]
    public async Task A_meter_that_refuses_is_told_and_how_it_is_set_is_kept()
    {
        using var peer = await ModbusPeer.StartAsync("pymodbus", null, Unit, ModeA, Token, $"refuse:{Mode}");

        var applied = await RunAsync(peer, "settings", "apply", "--yes");

        Assert.Equal((1, ""), (applied.ExitCode, applied.Output));
        Assert.Contains("illegal data address", applied.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal([("before", "0", "1", false), ("applied", "0", "1", false)], Kept());
        Assert.Empty(await peer.StopAsync(Token));
    }

    [Fact]
    public async Task A_meter_that_agrees_and_stays_as_it_was_is_found_out()
    {
        using var peer = await ModbusPeer.StartAsync("pymodbus", null, Unit, ModeA, Token, $"locked:{Mode}");

        var applied = await RunAsync(peer, "settings", "apply", "--yes");

        Assert.Equal((1, ""), (applied.ExitCode, applied.Output));
        Assert.Contains("measurement-mode still reads 0 after 1 was written", applied.Error, StringComparison.Ordinal);
        Assert.Equal([("before", "0", "1", false), ("applied", "0", "1", false)], Kept());
        Assert.Equal([(Mode, 1)], await peer.StopAsync(Token));
    }

    [Fact]
    public async Task What_is_right_is_not_written_again()
    {
        using var peer = await ModbusPeer.StartAsync("pymodbus", null, Unit, [.. ModeA.Where(register => register.Item2 != Mode), (3, Mode, 2)], Token);

        var applied = await RunAsync(peer, "settings", "apply", "--yes");

        // 2 is not what is written, but it will do.
        Assert.Equal((0, "2", true), Shown(applied));
        Assert.False(File.Exists(Store), "nothing was applied, so there is nothing to keep");
        Assert.Empty(await peer.StopAsync(Token));
    }

    private string Store => Path.Combine(_folder.Path, "meterlab.db");

    private Task<MeterLabProcess.Result> RunAsync(ModbusPeer peer, params string[] command) => MeterLabProcess.RunAsync(
        _folder.Path, ["meter", .. command, FormattableString.Invariant($"modbus-tcp://127.0.0.1:{peer.Port}/{Unit}?model=carlo-gavazzi-em340&timeout=10s"), "--json"]);

    private static (int ExitCode, string? Value, bool Right) Shown(MeterLabProcess.Result result)
    {
        Assert.True(result.Output.Length > 0, result.Error);
        using var document = JsonDocument.Parse(result.Output);
        var setting = document.RootElement.GetProperty("settings").EnumerateArray().Single(row => row.GetProperty("setting").GetString() == "measurement-mode");
        Assert.Equal(setting.GetProperty("right").GetBoolean(), document.RootElement.GetProperty("right").GetBoolean());
        return (result.ExitCode, setting.GetProperty("value").GetString(), setting.GetProperty("right").GetBoolean());
    }

    private static double Power(MeterLabProcess.Result result)
    {
        using var document = JsonDocument.Parse(result.Output);
        return document.RootElement.GetProperty("readings").EnumerateArray()
            .Single(row => row.GetProperty("channel").GetString() == "total" && row.GetProperty("quantity").GetString() == "active-power")
            .GetProperty("value").GetDouble();
    }

    // What the store keeps of the mode, in the order of writing, read without the product.
    private List<(string? Moment, string? Value, string? Wanted, bool Right)> Kept()
    {
        using var connection = new SqliteConnection($"Data Source={Store};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT moment, settings ->> '$."measurement-mode".Value', settings ->> '$."measurement-mode".Wanted', settings ->> '$."measurement-mode".Right'
            FROM meter_settings WHERE campaign IS NULL AND meter LIKE 'modbus-tcp://127.0.0.1:%/3?model=carlo-gavazzi-em340%' ORDER BY id
            """;
        using var rows = command.ExecuteReader();
        var kept = new List<(string?, string?, string?, bool)>();
        while (rows.Read())
            kept.Add((rows.GetString(0), rows.GetString(1), rows.GetString(2), rows.GetBoolean(3)));
        return kept;
    }
}
