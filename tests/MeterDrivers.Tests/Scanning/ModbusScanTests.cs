using MeterLab.MeterDrivers.Modbus;
using MeterLab.MeterDrivers.Scanning;
using MeterLab.MeterDrivers.Tests.Modbus;
using MeterLab.MeterDrivers.Tests.Peers;

namespace MeterLab.MeterDrivers.Tests.Scanning;

/// <summary>A scan finds the meters of a line that others serve, names what it can name, and writes nothing.</summary>
public sealed class ModbusScanTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Meters_that_name_themselves_are_identified_and_the_address_reads_them()
    {
        string[] models = ["carlo-gavazzi-em340", "carlo-gavazzi-em24", "abb-b23", "sunspec-203"];
        using var tables = await RegisterTables.StartAsync("tcp", Token, models);
        var units = tables.Tables.Select(table => table.Unit).ToArray();

        var report = await ScanAsync(PlaceOf(tables), units.Min(), units.Max());

        foreach (var table in tables.Tables)
        {
            var answer = Assert.Single(report.Answers, answer => answer.Place == $"unit {table.Unit}");
            var best = answer.Candidates[0];
            Assert.True(best.Certainty == ScanCertainty.Identified && answer.Candidates.Any(candidate => candidate.Model == table.Model), $"{table.Model}: {Words(answer)}");
            await using var meter = await new ModbusOpener().OpenAsync(MeterUri.Parse(answer.Candidates.First(c => c.Model == table.Model).Uri), "found", Shipped.Environment, Token);
            Assert.NotEmpty(await meter.ReadAsync(Token));
        }
    }

    [Fact]
    public async Task On_a_serial_line_two_models_are_found_and_nobody_in_the_silence_between_them()
    {
        using var bridge = new PtyBridge();
        using var tables = await RegisterTables.StartAsync(bridge.Far, Token, "carlo-gavazzi-em340@2", "orno-we-504@5");

        var report = await ScanAsync($"modbus-rtu://{bridge.Near}?baud=19200&parity=none&stop-bits=1", 1, 6);

        Assert.Equal(["unit 2", "unit 5"], report.Answers.Select(answer => answer.Place));
        Assert.Equal(6, report.Asked);
        Assert.Empty(report.Notes);
        var named = report.Answers[0].Candidates[0];
        Assert.Equal(ScanCertainty.Identified, named.Certainty);
        Assert.Contains(report.Answers[0].Candidates, candidate => candidate.Model == "carlo-gavazzi-em340");
        var nameless = report.Answers[1].Candidates.Single(candidate => candidate.Model == "orno-we-504");
        Assert.Equal(ScanCertainty.Likely, nameless.Certainty);
        // Both are shipped at 9600 Bd: where the line is set otherwise, the address that was found says so.
        Assert.Contains("baud=19200", nameless.Uri, StringComparison.Ordinal);
        // Whole requests, and nothing but reads of registers.
        Assert.All(bridge.Transmissions.Where(transmission => transmission.FromNear), request => Assert.Equal((8, true), (request.Characters.Length, request.Characters[1] is 3 or 4)));
        foreach (var (unit, table) in report.Answers.Zip(tables.Tables))
        {
            await using var meter = await new ModbusOpener().OpenAsync(MeterUri.Parse(unit.Candidates.First(found => found.Model == table.Model).Uri), "found", Shipped.Environment, Token);
            Assert.Contains(await meter.ReadAsync(Token), reading => reading.Value == table.Values[("total", "active-power")]);
        }
    }

    [Fact]
    public async Task A_meter_without_an_identity_is_recognised_by_its_supply()
    {
        var meter = Eastron();
        await using var server = new LoopbackServer(request => [meter.Answer(request)]);

        var answer = Assert.Single((await ScanAsync($"modbus-tcp://127.0.0.1:{server.Port}", 1, 1)).Answers);

        var found = answer.Candidates.First(candidate => candidate.Model == "eastron-sdm230");
        Assert.Equal(ScanCertainty.Likely, found.Certainty);
        Assert.Contains("230.4 V, 49.98 Hz", found.Why[1], StringComparison.Ordinal);
        Assert.Contains(answer.Candidates, candidate => candidate.Model == "eastron-sdm120");
        Assert.DoesNotContain(answer.Candidates, candidate => candidate.Model.StartsWith("janitza", StringComparison.Ordinal) || candidate.Model.StartsWith("pzem", StringComparison.Ordinal));
        Assert.Contains("the plate decides", Assert.Single(answer.Notes), StringComparison.Ordinal);
        Assert.All(meter.Requests, request => Assert.InRange(request.Function, 3, 4));
    }

    [Theory]
    [InlineData(0x46, 400f)]
    [InlineData(0x00, 12f)]
    [InlineData(0x0C, 90_000f)]
    public async Task What_no_supply_has_is_no_meter(int register, float value)
    {
        var meter = Eastron();
        meter.SetSingle(register, value);
        await using var server = new LoopbackServer(request => [meter.Answer(request)]);

        var answer = Assert.Single((await ScanAsync($"modbus-tcp://127.0.0.1:{server.Port}", 1, 1)).Answers);

        Assert.DoesNotContain(answer.Candidates, candidate => candidate.Model is "eastron-sdm230" or "eastron-sdm120");
    }

    [Fact]
    public async Task A_device_whose_values_are_all_zero_is_said_to_answer_and_not_guessed()
    {
        var device = new RegisterDevice();
        await using var server = new LoopbackServer(request => [device.Answer(request)]);

        var answer = Assert.Single((await ScanAsync($"modbus-tcp://127.0.0.1:{server.Port}", 1, 1)).Answers);

        Assert.Empty(answer.Candidates);
        Assert.Contains("it answers, but no model fits", Assert.Single(answer.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silent_units_and_those_that_a_gateway_cannot_reach_are_nobody()
    {
        var meter = Eastron();
        await using var server = new LoopbackServer(request => request[6] switch
        {
            1 => [meter.Answer(request)],
            2 => [[request[0], request[1], 0, 0, 0, 3, request[6], (byte)(request[7] | 0x80), 11]],
            _ => [],
        });

        var report = await ScanAsync($"modbus-tcp://127.0.0.1:{server.Port}", 1, 3);

        Assert.Equal("unit 1", Assert.Single(report.Answers).Place);
        Assert.Equal(3, report.Asked);
    }

    [Fact]
    public async Task A_setting_that_makes_figures_mislead_is_said()
    {
        using var tables = await RegisterTables.StartAsync("dump", Token, "carlo-gavazzi-em340");
        var device = new RegisterDevice { Unit = (byte)tables.Tables[0].Unit };
        foreach (var (_, address, value) in tables.Tables[0].Registers)
            device.Registers[address] = value;
        device.Registers[0x1103] = 0;
        await using var server = new LoopbackServer(request => [device.Answer(request)]);

        var answer = Assert.Single((await ScanAsync($"modbus-tcp://127.0.0.1:{server.Port}", device.Unit, device.Unit)).Answers);

        var found = answer.Candidates.First(candidate => candidate.Model == "carlo-gavazzi-em340");
        Assert.Contains(found.Why, why => why.Contains("set mode B", StringComparison.Ordinal));
    }

    private static Task<ScanReport> ScanAsync(string place, int first, int last) => new ModbusOpener().ScanAsync(
        new ScanRequest(MeterUri.Parse(place)) { FirstUnit = first, LastUnit = last, Timeout = TimeSpan.FromMilliseconds(700) }, Shipped.Environment, null, Token);

    private static string PlaceOf(RegisterTables tables)
    {
        var uri = MeterUri.Parse(tables.AddressOf(tables.Tables[0]));
        return FormattableString.Invariant($"{uri.Scheme}://{uri.Host}:{uri.Port}");
    }

    private static string Words(ScanAnswer answer) =>
        $"{answer.Place}: {string.Join(", ", answer.Candidates.Select(candidate => $"{candidate.Model} {candidate.Certainty}"))} {string.Join("; ", answer.Notes)}";

    // 230.4 V, 0.43 A, 98 W at 49.98 Hz: the single-phase registers of the family, the rest zero.
    private static RegisterDevice Eastron()
    {
        var device = new RegisterDevice();
        device.SetSingle(0x00, 230.4f);
        device.SetSingle(0x06, 0.43f);
        device.SetSingle(0x0C, 98f);
        device.SetSingle(0x12, 99.1f);
        device.SetSingle(0x1E, 0.989f);
        device.SetSingle(0x46, 49.98f);
        device.SetSingle(0x48, 12.5f);
        return device;
    }
}
