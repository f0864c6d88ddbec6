using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Quantities;
using MeterLab.MeterDrivers.Links;
using MeterLab.MeterDrivers.Modbus;
using MeterLab.MeterDrivers.Profiles;
using MeterLab.TestKit;

namespace MeterLab.MeterDrivers.Tests.Modbus;

/// <summary>Frames that makers' manuals and other people's captures print, against the profiles of their meters.</summary>
public sealed class GoldenFrameTests
{
    private static readonly ProfileLibrary Library = new(RepositoryFiles.Path("firmware-configs", "meters"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("eastron-sdm630", "l1", Quantity.Voltage, 1, "01040000000271CB")]
    [InlineData("eastron-sdm630", "total", Quantity.ActivePower, 1, "0104003400023005")]
    [InlineData("eastron-sdm72d-m-v1", "total", Quantity.ActivePower, 1, "0104003400023005")]
    public async Task One_value_is_asked_with_the_bytes_of_the_manual(string model, string channel, Quantity quantity, int unit, string request)
    {
        var profile = Library.Find(model);
        var field = profile.Registers.Fields.Single(f => f.Channel == channel && f.Quantity == quantity);
        var link = new ScriptedLink(_ => []);

        await Assert.ThrowsAsync<LinkException>(() => SampleAsync(profile, [field], link, (byte)unit));

        Assert.Equal(request, Convert.ToHexString(link.Written[0]));
    }

    [Fact]
    public async Task A_pzem_is_asked_for_all_at_once()
    {
        var profile = Library.Find("pzem-004t-v3");
        var link = new ScriptedLink(_ => []);

        await Assert.ThrowsAsync<LinkException>(() => SampleAsync(profile, profile.Registers.Fields, link, 0xF8));

        // The manual asks for ten registers; the tenth is an alarm, which is no quantity.
        Assert.Equal("F80400000009", Convert.ToHexString(Assert.Single(link.Written)[..6]));
    }

    [Theory]
    [InlineData(0xF8, "040000000A", "F8040000000A6464")]
    [InlineData(0xF8, "42", "F842C241")]
    [InlineData(0xF8, "413721", "F8413721B778")]
    public void Frames_of_a_pzem_have_the_checksums_of_its_manual(int unit, string pdu, string golden)
    {
        var frame = new byte[FrameCodec.MaxFrame];

        var length = new RtuCodec().Encode((byte)unit, Convert.FromHexString(pdu), frame);

        Assert.Equal(golden, Convert.ToHexString(frame[..length]));
    }

    [Fact]
    public async Task The_captured_frame_of_an_alternating_current_pzem_reads_as_its_display()
    {
        // 225.7 V, 0.108 A, 24.4 W, 38 Wh, 50.0 Hz, power factor 1.00.
        var values = await ReadAsync("pzem-016", "01041408D1006C000000F400000026000001F4006400005134");

        Assert.Equal(225.7, values[Quantity.Voltage], 1e-9);
        Assert.Equal(0.108, values[Quantity.Current], 1e-12);
        Assert.Equal(24.4, values[Quantity.ActivePower], 1e-12);
        Assert.Equal(38 * 3600, values[Quantity.EnergyImport], 1e-9);
        Assert.Equal(50.0, values[Quantity.Frequency], 1e-12);
        Assert.Equal(1.0, values[Quantity.PowerFactor], 1e-12);
    }

    [Theory]
    [InlineData("pzem-003")]
    [InlineData("pzem-017")]
    public async Task The_captured_frame_of_a_direct_current_pzem_reads_as_its_display(string model)
    {
        // 13.44 V, 0.10 A, 1.3 W, 2 Wh.
        var values = await ReadAsync(model, "0104100540000A000D00000002000000000000D629");

        Assert.Equal(13.44, values[Quantity.Voltage], 1e-12);
        Assert.Equal(0.10, values[Quantity.Current], 1e-12);
        Assert.Equal(1.3, values[Quantity.ActivePower], 1e-12);
        Assert.Equal(2 * 3600, values[Quantity.EnergyImport], 1e-9);
    }

    // A captured frame holds registers from 0 on; each request is answered out of it with a frame of its own, the checksums checked.
    private static async Task<Dictionary<Quantity, double>> ReadAsync(string model, string captured)
    {
        var bytes = Convert.FromHexString(captured);
        Assert.Equal(bytes, Frame(bytes[0], bytes.AsSpan(1..^2)));
        var profile = Library.Find(model);
        var link = new ScriptedLink(request =>
        {
            var (address, count) = ((request[2] << 8) | request[3], (request[4] << 8) | request[5]);
            return [Frame(request[0], [4, (byte)(2 * count), .. bytes.AsSpan(3 + 2 * address, 2 * count)])];
        });
        var samples = await SampleAsync(profile, profile.Registers.Fields, link, 1);
        Assert.All(samples, sample => Assert.Equal(default, sample.Flags));
        return profile.Registers.Fields.Zip(samples).ToDictionary(pair => pair.First.Quantity, pair => pair.First.Scale.ToValue(pair.Second.Code));
    }

    private static async Task<Measurement.Samples.RawSample[]> SampleAsync(MeterProfile profile, IReadOnlyList<RegisterField> fields, ScriptedLink link, byte unit)
    {
        var settings = new ModbusBusSettings("lab", new RtuCodec(), null, false, _ => ValueTask.FromResult<IByteLink>(link));
        await using var bus = new ModbusBus(settings, new SystemHostClock(), TimeProvider.System);
        await bus.EnsureOpenAsync(Token);
        var samples = new Measurement.Samples.RawSample[fields.Count];
        await new ModbusSource(new ModbusClient(bus, unit, TimeSpan.FromSeconds(1), TimeSpan.Zero), profile, fields)
            .SampleAsync(samples, Token);
        return samples;
    }

    // CRC-16 of Modbus bit by bit, apart from the product's.
    private static byte[] Frame(byte unit, ReadOnlySpan<byte> pdu)
    {
        byte[] body = [unit, .. pdu];
        var crc = 0xFFFF;
        foreach (var b in body)
        {
            crc ^= b;
            for (var i = 0; i < 8; i++)
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xA001 : crc >> 1;
        }

        return [.. body, (byte)crc, (byte)(crc >> 8)];
    }
}
