using MeterLab.Measurement.Quantities;
using MeterLab.MeterDrivers.Modbus;
using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Tests.Peers;

/// <summary>
/// Every shipped profile reads back, equal and complete, what a pymodbus server holds whose registers were typed a second time, for the
/// tests, and laid out by code that shares nothing with the product's. The server refuses what the meter refuses.
/// </summary>
public sealed class ProfileReadBackTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_profile_reads_back_its_table_over_tcp()
    {
        using var tables = await RegisterTables.StartAsync("tcp", Token);
        var wrong = new List<string>();
        foreach (var table in tables.Tables)
            wrong.AddRange(await ComplaintsAsync(table, tables.AddressOf(table)));

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        var modbus = new ProfileLibrary(Shipped.Environment.ProfileDirectory).All().Where(p => p.Facts.Transports.Any(t => t.StartsWith("modbus", StringComparison.Ordinal)));
        Assert.Empty(modbus.Select(p => p.Facts.Model).Except(tables.Tables.Select(table => table.Model)));
    }

    [Fact]
    public async Task With_several_requests_in_flight_the_same_is_read()
    {
        using var tables = await RegisterTables.StartAsync("tcp", Token, "carlo-gavazzi-em24", "gude-epc-8221", "siemens-pac2200", "abb-b23");
        var wrong = new List<string>();
        foreach (var table in tables.Tables)
            wrong.AddRange(await ComplaintsAsync(table, tables.AddressOf(table, options: "&in-flight=8")));

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task Serial_frames_behind_a_gateway_bring_the_same()
    {
        using var tables = await RegisterTables.StartAsync("rtu-tcp", Token, "eastron-sdm630", "pzem-016", "carlo-gavazzi-em340", "sunspec-203");
        var wrong = new List<string>();
        foreach (var table in tables.Tables)
            wrong.AddRange(await ComplaintsAsync(table, tables.AddressOf(table)));

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(4, tables.Tables.Count);
    }

    [Fact]
    public async Task A_serial_line_brings_the_same()
    {
        using var bridge = new PtyBridge();
        using var tables = await RegisterTables.StartAsync(bridge.Far, Token, "eastron-sdm230", "abb-b21", "orno-we-504", "dzg-dvh4013");
        var wrong = new List<string>();
        foreach (var table in tables.Tables)
            wrong.AddRange(await ComplaintsAsync(table, tables.AddressOf(table, bridge.Near, "&baud=9600&parity=none")));

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(4, tables.Tables.Count);
    }

    [Theory]
    [InlineData("eastron-sdm72d-m-v2", false)]
    [InlineData("pzem-016", true)]
    [InlineData("carlo-gavazzi-em340", true)]
    [InlineData("siemens-pac2200", false)]
    [InlineData("sunspec-203", false)]
    [InlineData("orno-we-516", true)]
    [InlineData("shelly-pro-3em", false)]
    public async Task Libmodbus_serves_the_same_tables(string model, bool serial)
    {
        using var tables = await RegisterTables.StartAsync("dump", Token, model);
        var table = Assert.Single(tables.Tables);
        using var bridge = serial ? new PtyBridge() : null;
        using var peer = await ModbusPeer.StartAsync("libmodbus", bridge?.Far, 17, table.Registers, Token);
        var address = bridge is null ? FormattableString.Invariant($"modbus-tcp://127.0.0.1:{peer.Port}/17?") : $"modbus-rtu://{bridge.Near}/17?baud=9600&parity=none&stop-bits=1&";

        Assert.Empty(await ComplaintsAsync(table, $"{address}model={model}&timeout=10s"));
    }

    private static async Task<List<string>> ComplaintsAsync(RegisterTables.Table table, string address)
    {
        var wrong = new List<string>();
        try
        {
            await using var meter = await new ModbusOpener().OpenAsync(MeterUri.Parse(address), "wall", Shipped.Environment, Token);
            var identity = await meter.IdentifyAsync(Token);
            if (identity.Serial != table.Serial)
                wrong.Add($"{table.Model}: serial number {identity.Serial}, not {table.Serial}");
            var readings = (await meter.ReadAsync(Token)).ToDictionary(r => (r.Channel, QuantityNames.NameOf(r.Quantity)));
            wrong.AddRange(table.Values.Keys.Except(readings.Keys).Select(key => $"{table.Model}: {key} is in no register of the profile"));
            wrong.AddRange(readings.Keys.Except(table.Values.Keys).Select(key => $"{table.Model}: {key} is not in the tests' table"));
            foreach (var (key, value) in table.Values)
            {
                if (readings.TryGetValue(key, out var reading) && !(Math.Abs((reading.Value ?? double.NaN) - value) <= Math.Abs(value) * 1e-12))
                    wrong.Add(FormattableString.Invariant($"{table.Model}: {key} reads {reading.Value:R} {reading.Flags}, the table says {value:R}"));
            }
        }
        catch (Exception e) when (e is Measurement.MeterLabException)
        {
            wrong.Add($"{table.Model}{table.Options}: {e.Message}");
        }

        return wrong;
    }
}
