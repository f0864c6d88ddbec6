using System.Globalization;

using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Modbus;
using MeterLab.MeterDrivers.Profiles;
using MeterLab.MeterDrivers.Tests.Polling;

namespace MeterLab.MeterDrivers.Tests.Peers;

/// <summary>What libmodbus and pymodbus serve is what a meter of a profile reads: over TCP, and as RTU over a pseudo terminal.</summary>
public sealed class PeerTests
{
    public static TheoryData<string, string, bool> Peers
    {
        get
        {
            var data = new TheoryData<string, string, bool>();
            foreach (var library in new[] { "libmodbus", "pymodbus" })
            {
                foreach (var model in new[] { "eastron-sdm630", "eastron-sdm120", "netio-powerpdu-4c", "janitza-umg96rm" })
                {
                    data.Add(library, model, false);
                    if (model != "netio-powerpdu-4c")
                        data.Add(library, model, true);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Peers))]
    public async Task Every_value_that_was_put_in_is_read(string library, string model, bool serial)
    {
        var profile = new ProfileLibrary(Shipped.Environment.ProfileDirectory).Find(model);
        var values = profile.Registers.Fields.Select(ValueFor).ToArray();
        using var bridge = serial ? new PtyBridge() : null;
        using var peer = await ModbusPeer.StartAsync(library, bridge?.Far, 7, RegistersFor(profile, values), Token);
        await using var meter = await OpenAsync(model, bridge, peer);

        var identity = await meter.IdentifyAsync(Token);
        var readings = await meter.ReadAsync(Token);

        Assert.Equal(profile.Registers.Serial is null ? null : "305419896", identity.Serial);
        Assert.Equal(profile.Registers.Fields.Count, readings.Count);
        foreach (var (field, value, reading) in profile.Registers.Fields.Zip(values, readings))
        {
            Assert.Equal((field.Channel, field.Quantity), (reading.Channel, reading.Quantity));
            Assert.Equal(value * field.SiPerCount, reading.Value!.Value, Math.Abs(value * field.SiPerCount) * 1e-12);
        }
    }

    [Theory]
    [InlineData("libmodbus", false)]
    [InlineData("libmodbus", true)]
    [InlineData("pymodbus", false)]
    [InlineData("pymodbus", true)]
    public async Task A_meter_is_recorded_without_loss(string library, bool serial)
    {
        const string Model = "eastron-sdm630";
        var profile = new ProfileLibrary(Shipped.Environment.ProfileDirectory).Find(Model);
        var values = profile.Registers.Fields.Select(ValueFor).ToArray();
        using var bridge = serial ? new PtyBridge() : null;
        using var peer = await ModbusPeer.StartAsync(library, bridge?.Far, 7, RegistersFor(profile, values), Token);
        await using var meter = await OpenAsync(Model, bridge, peer);
        var sink = new CollectingSink();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var power = Index(meter, "total", Quantity.ActivePower);
        var energy = Index(meter, "total", Quantity.EnergyImport);

        var acquisition = meter.AcquireAsync(new AcquisitionRequest([power, energy], TimeSpan.FromMilliseconds(100)), sink, stop.Token);
        while (sink.Samples.Count < 20 && !acquisition.IsCompleted)
            await Task.Delay(20, Token);
        await stop.CancelAsync();
        await acquisition;

        Assert.Equal(0, meter.Statistics.Lost);
        var expected = values[profile.Registers.Fields.ToList().FindIndex(f => f.Channel == "total" && f.Quantity == Quantity.ActivePower)];
        Assert.All(sink.Samples.Where(s => s.Trace == 0), s => Assert.Equal(expected, meter.Traces[power].Scale.ToValue(s.Sample.Code)));
        Assert.All(sink.Samples, s => Assert.True(s.Sample.BeforeNs < s.Sample.AfterNs));
        Assert.Equal("wall/total", meter.Traces[energy].Channel.ToString());
    }

    [Theory]
    [InlineData("libmodbus")]
    [InlineData("pymodbus")]
    public async Task A_single_of_the_manual_reads_as_its_value(string library)
    {
        // 230.2 V and 1234.5 W as the manuals write singles: high word first.
        using var peer = await ModbusPeer.StartAsync(
            library, null, 7, [(4, 0x00, 0x4366), (4, 0x01, 0x3333), (4, 0x34, 0x449A), (4, 0x35, 0x5000)], Token);
        await using var meter = await OpenAsync("eastron-sdm630", null, peer);

        var readings = await meter.ReadAsync(Token);

        Assert.Equal(230.2, Value(readings, "l1", Quantity.Voltage), 1e-4);
        var power = readings.Single(r => r.Channel == "total" && r.Quantity == Quantity.ActivePower);
        Assert.Equal(1234.5, power.Value);
        Assert.Equal(12.345 / Math.Sqrt(3), power.StandardUncertainty!.Value, 1e-9);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static double Value(IReadOnlyList<MeterReading> readings, string channel, Quantity quantity) =>
        readings.Single(r => r.Channel == channel && r.Quantity == quantity).Value!.Value;

    private static int Index(IMeter meter, string channel, Quantity quantity) =>
        meter.Traces.ToList().FindIndex(t => t.Channel.Channel == channel && t.Quantity == quantity);

    private static async Task<IMeter> OpenAsync(string model, PtyBridge? bridge, ModbusPeer peer)
    {
        // The peers' machines may be busy; their answers are right, not fast.
        var address = bridge is null
            ? string.Create(CultureInfo.InvariantCulture, $"modbus-tcp://127.0.0.1:{peer.Port}/7?model={model}&timeout=10s")
            : $"modbus-rtu://{bridge.Near}/7?model={model}&timeout=10s&baud=9600";
        return await new ModbusOpener().OpenAsync(MeterUri.Parse(address), "wall", Shipped.Environment, Token);
    }

    // Different for every field, exact in a single, and within what the probes expect.
    private static double ValueFor(RegisterField field, int index) => (field.Quantity, field.Encoding.Type) switch
    {
        (Quantity.Frequency, RegisterType.F32) => 50.25,
        (_, RegisterType.F32) => 200 + index * 0.5,
        (_, RegisterType.U32) => 70_000 + index,
        (_, RegisterType.S16) => -100 - index,
        _ => 2000 + index,
    };

    // By hand, high word first, so that the client's own encoding proves nothing to itself.
    private static IEnumerable<(int Table, int Address, ushort Value)> RegistersFor(MeterProfile profile, double[] values)
    {
        foreach (var (field, value) in profile.Registers.Fields.Zip(values))
        {
            var bits = field.Encoding.Type == RegisterType.F32 ? BitConverter.SingleToInt32Bits((float)value) : (int)value;
            if (field.Encoding.Registers == 2)
                yield return ((int)field.Table, field.Address, (ushort)(bits >> 16));
            yield return ((int)field.Table, field.End - 1, (ushort)bits);
        }

        yield return (3, 0xFC00, 0x1234);
        yield return (3, 0xFC01, 0x5678);
    }
}
