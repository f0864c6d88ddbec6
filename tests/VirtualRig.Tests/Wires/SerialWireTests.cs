using System.Buffers.Binary;
using System.Text;

using MeterLab.Measurement.Clocks;
using MeterLab.MeterDrivers;
using MeterLab.MeterDrivers.Links;
using MeterLab.VirtualRig.Faults;
using MeterLab.VirtualRig.Meters;
using MeterLab.VirtualRig.Wires;

namespace MeterLab.VirtualRig.Tests.Wires;

/// <summary>The serial simulators byte by byte, from the driver's end of the pseudo terminal.</summary>
public sealed class SerialWireTests : IDisposable
{
    // Unit 1, function 3, register 0, one: with the CRC of the specification.
    private static readonly byte[] Request = [0x01, 0x03, 0x00, 0x00, 0x00, 0x01, 0x84, 0x0A];

    private readonly SystemHostClock _clock = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("meterlab-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_CRC_has_the_specifications_check_value() => Assert.Equal(0x4B37, ModbusRtuServer.Crc("123456789"u8));

    [Fact]
    public async Task A_request_in_single_bytes_is_answered_and_one_with_a_wrong_CRC_is_not()
    {
        await using var server = Rtu();
        await using var line = Open(server.Path);
        byte[] wrong = [.. Request[..7], 0x0B];
        await line.WriteAsync(wrong, Cancel);
        Assert.Empty(await ReadAsync(line, 7, TimeSpan.FromMilliseconds(300)));
        foreach (var value in Request)
            await line.WriteAsync(new[] { value }, Cancel);
        var reply = await ReadAsync(line, 7, TimeSpan.FromSeconds(5));
        Assert.Equal([1, 3, 2, 0xAB, 0xCD], reply[..5]);
        Assert.Equal(0, ModbusRtuServer.Crc(reply));
    }

    [Fact]
    public async Task Half_a_request_is_forgotten_after_a_silence()
    {
        await using var server = Rtu();
        await using var line = Open(server.Path);
        await line.WriteAsync(Request.AsMemory(0, 4), Cancel);
        await Task.Delay(200, Cancel);
        await line.WriteAsync(Request, Cancel);
        Assert.Equal(7, (await ReadAsync(line, 7, TimeSpan.FromSeconds(5))).Length);
    }

    [Fact]
    public async Task A_wrong_checksum_on_RTU_is_a_wrong_CRC()
    {
        await using var server = Rtu(new Fault { Wire = "w", Kind = FaultKind.WrongChecksum, AtExchange = 1 });
        await using var line = Open(server.Path);
        await line.WriteAsync(Request, Cancel);
        var reply = await ReadAsync(line, 7, TimeSpan.FromSeconds(5));
        Assert.Equal([1, 3, 2, 0xAB, 0xCD], reply[..5]);
        Assert.NotEqual(0, ModbusRtuServer.Crc(reply));
    }

    [Fact]
    public async Task An_unplugged_line_hangs_up_and_comes_back_under_the_same_path()
    {
        await using var server = Rtu(new Fault { Wire = "w", Kind = FaultKind.Cut, AtExchange = 1, For = TimeSpan.FromMilliseconds(200) });
        await using (var line = Open(server.Path))
        {
            await line.WriteAsync(Request, Cancel);
            Assert.Empty(await ReadAsync(line, 7, TimeSpan.FromSeconds(5)));
        }

        Assert.False(File.Exists(server.Path));
        for (var wait = 0; wait < 500 && !File.Exists(server.Path); wait++)
            await Task.Delay(10, Cancel);
        await using var again = Open(server.Path);
        await again.WriteAsync(Request, Cancel);
        Assert.Equal(7, (await ReadAsync(again, 7, TimeSpan.FromSeconds(5))).Length);
    }

    [Fact]
    public async Task A_PowerSensor3_tells_its_version_and_its_records_with_a_handshake()
    {
        await using var sensor = Sensor();
        await using var line = Open(sensor.Path);
        await line.WriteAsync("V"u8.ToArray(), Cancel);
        Assert.Equal("F411-1.6.1\r\n", Encoding.ASCII.GetString(await ReadAsync(line, 12, TimeSpan.FromSeconds(5))));

        await line.WriteAsync("R"u8.ToArray(), Cancel);
        var first = await ReadAsync(line, 41, TimeSpan.FromSeconds(5));
        Assert.Equal("MLX20", Encoding.ASCII.GetString(first, 0, 16).TrimEnd('\0'));
        Assert.Equal(1.65f, BinaryPrimitives.ReadSingleLittleEndian(first.AsSpan(32)));
        Assert.Equal(0.0625f, BinaryPrimitives.ReadSingleLittleEndian(first.AsSpan(36)));
        Assert.Equal(1, first[40]);
        // It waits for any byte after each record.
        Assert.Empty(await ReadAsync(line, 1, TimeSpan.FromMilliseconds(200)));
        for (var sensorId = 1; sensorId < 8; sensorId++)
        {
            await line.WriteAsync(new byte[1], Cancel);
            var record = await ReadAsync(line, 41, TimeSpan.FromSeconds(5));
            Assert.Equal(sensorId < 2 ? 1 : 0, record[40]);
        }

        await line.WriteAsync(new byte[1], Cancel);
        Assert.Equal("D"u8.ToArray(), await ReadAsync(line, 1, TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task A_PowerSensor3_streams_whole_sets_with_stamps_a_marker_and_the_rails_power()
    {
        await using var sensor = Sensor();
        await using var line = Open(sensor.Path);
        await line.WriteAsync("SM"u8.ToArray(), Cancel);
        var bytes = await ReadAsync(line, 18 * 2000, TimeSpan.FromSeconds(10));
        await line.WriteAsync("T"u8.ToArray(), Cancel);

        Assert.Equal(18 * 2000, bytes.Length);
        var sets = bytes.Chunk(18).ToArray();
        Assert.All(sets, set =>
        {
            Assert.Equal(0xF0, set[0] & 0xF0);
            Assert.Equal(0x40, set[1] & 0xC0);
            for (var id = 0; id < 8; id++)
                Assert.Equal(0x80 | (id << 4), set[2 + 2 * id] & 0xF0);
        });
        Assert.Equal(1, sets.Count(set => (set[3] & 0x40) != 0));
        // 4000 sets a second: stamps 250 us apart, modulo 1024.
        var stamps = sets.Select(set => Level(set, 0)).ToArray();
        Assert.All(stamps.Zip(stamps.Skip(1)), pair => Assert.InRange((pair.Second - pair.First + 1024) % 1024, 249, 251));
        var watts = sets.Average(set => (3.3 * Level(set, 2) / 1023 - 1.65) / 0.0625 * (3.3 * Level(set, 4) / 1023 / 0.0909));
        Assert.InRange(watts, 180 * 0.985, 180 * 1.015);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static int Level(byte[] set, int at) => ((set[at] & 0x0F) << 6) | (set[at + 1] & 0x3F);

    private ModbusRtuServer Rtu(params Fault[] faults)
    {
        var slave = new ModbusSlave();
        slave.Add(1, new OneRegister());
        var server = new ModbusRtuServer(Path.Combine(_folder, "w"), slave, 19200, new FaultScript(_clock, faults).Gate("w"), TimeProvider.System);
        server.Start();
        return server;
    }

    private PowerSensor3Simulator Sensor()
    {
        var pair = new AnalogPair("12V", new ConstantRail(12, 15), maxAmperes: 20, seed: 1);
        var sensor = new PowerSensor3Simulator(
            Path.Combine(_folder, "w"), _clock, [pair], 4000, 20e-6, new FaultScript(_clock).Gate("w"), TimeProvider.System);
        sensor.Start();
        return sensor;
    }

    /// <summary>The driver's end, through the drivers' own serial line.</summary>
    private static IByteLink Open(string path) => SerialLink.Open(path, new SerialSettings(19200));

    /// <summary>So many bytes, or what came before the patience or the line ended.</summary>
    private static async Task<byte[]> ReadAsync(IByteLink line, int count, TimeSpan patience)
    {
        var bytes = new byte[count];
        var have = 0;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(patience);
        try
        {
            while (have < count)
                have += await line.ReadAsync(bytes.AsMemory(have), limit.Token);
        }
        catch (LinkException end) when (end.Failure == LinkFailure.Closed)
        {
            return bytes[..have];
        }
        catch (OperationCanceledException) when (!Cancel.IsCancellationRequested)
        {
            return bytes[..have];
        }

        return bytes;
    }

    private sealed class OneRegister : IModbusUnit
    {
        public byte Read(byte function, int address, Span<ushort> registers)
        {
            registers.Fill(0xABCD);
            return 0;
        }

        public byte Write(int address, ReadOnlySpan<ushort> registers) => 0;
    }
}
