using System.Globalization;

using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Http;
using MeterLab.MeterDrivers.Tests.Polling;

namespace MeterLab.MeterDrivers.Tests.Http;

/// <summary>Recorded answers, served by a file server that knows nothing of meters, are what a meter of a profile reads.</summary>
public sealed class HttpPeerTests
{
    private const string Switch = """
        {"id":0,"source":"init","output":true,"apower":399.2,"voltage":240.8,"current":1.886,"aenergy":{"total":2574466.6,"by_minute":[6654.1,6672.0,6650.0],"minute_ts":1700000000},"temperature":{"tC":41.2}}
        """;

    public static TheoryData<string, Dictionary<string, string>, string> Answers => new()
    {
        {
            "shelly-gen2",
            new() { ["/rpc/Switch.GetStatus"] = Switch },
            "total active-power 399.2; total voltage 240.8; total current 1.886; total energy-import 9268079760"
        },
        {
            "shelly-gen2",
            new() { ["/rpc/PM1.GetStatus"] = """{"id":0,"voltage":230.1,"current":0.2,"apower":-12.5,"freq":50.01,"aenergy":{"total":12.5},"ret_aenergy":{"total":3}}""" },
            "total active-power -12.5; total voltage 230.1; total current 0.2; total frequency 50.01; total energy-import 45000; total energy-export 10800"
        },
        {
            "shelly-gen2",
            new()
            {
                ["/rpc/EM.GetStatus"] = """
                    {"id":0,"a_current":4.029,"a_voltage":236.1,"a_act_power":951.2,"a_aprt_power":951.9,"a_pf":1,"a_freq":50,
                     "b_act_power":-951.1,"c_act_power":null,"total_current":12.083,"total_act_power":2484.782,"total_aprt_power":2486.7}
                    """,
                ["/rpc/EMData.GetStatus"] = """{"id":0,"total_act":5000.25,"total_act_ret":0}""",
            },
            "l1 active-power 951.2; l1 voltage 236.1; l1 current 4.029; l1 apparent-power 951.9; l1 power-factor 1; l1 frequency 50; l2 active-power -951.1; l3 active-power ;"
            + " total active-power 2484.782; total apparent-power 2486.7; total current 12.083; total energy-import 18000900; total energy-export 0"
        },
        {
            "shelly-gen2",
            new() { ["/rpc/EM1.GetStatus"] = """{"id":0,"act_power":1200.5,"voltage":229,"current":5.3,"aprt_power":1215,"pf":0.99,"freq":50}""", ["/rpc/EM1Data.GetStatus"] = """{"id":0,"total_act_energy":7}""" },
            "total active-power 1200.5; total voltage 229; total current 5.3; total apparent-power 1215; total power-factor 0.99; total frequency 50; total energy-import 25200"
        },
        {
            "shelly-gen1",
            new() { ["/status"] = """{"meters":[{"power":61.05,"is_valid":true,"total":1234,"counters":[60.1,60.2,60.0]}],"temperature":30.1}""" },
            "total active-power 61.05; total energy-import 74040"
        },
        {
            "shelly-gen1",
            new() { ["/status"] = """{"meters":[{"power":1,"total":1},{"power":2.5,"total":2}]}""" },
            "outlet-1 active-power 1; outlet-2 active-power 2.5; outlet-1 energy-import 60; outlet-2 energy-import 120"
        },
        {
            "shelly-gen1",
            new() { ["/status"] = """{"emeters":[{"power":10,"pf":0.5,"current":0.1,"voltage":231,"total":1.5,"total_returned":2},{"power":-20,"voltage":232},{"power":30,"voltage":233}],"total_power":20}""" },
            "l1 active-power 10; l1 power-factor 0.5; l1 current 0.1; l1 voltage 231; l1 energy-import 5400; l1 energy-export 7200;"
            + " l2 active-power -20; l2 voltage 232; l3 active-power 30; l3 voltage 233; total active-power 20"
        },
        {
            "tasmota",
            new() { ["/cm"] = """{"StatusSNS":{"Time":"2024-01-01T00:00:00","ENERGY":{"TotalStartTime":"2023-01-01T00:00:00","Total":0.123,"Yesterday":0,"Today":0.1,"Power":25,"ApparentPower":29,"ReactivePower":15,"Factor":0.85,"Voltage":230,"Current":0.13}}}""" },
            "total active-power 25; total apparent-power 29; total reactive-power 15; total power-factor 0.85; total voltage 230; total current 0.13; total energy-import 442800"
        },
        {
            "tasmota",
            new() { ["/cm"] = """{"StatusSNS":{"ENERGY":{"Total":3.5,"Power":[10,20.5],"Voltage":230,"Current":[0.05,0.1]}}}""" },
            "outlet-1 active-power 10; outlet-2 active-power 20.5; total voltage 230; outlet-1 current 0.05; outlet-2 current 0.1; total energy-import 12600000"
        },
        {
            "netio-json",
            new() { ["/netio.json"] = """{"GlobalMeasure":{"Voltage":230.5,"Frequency":49.9},"Outputs":[{"ID":1,"State":1,"Action":6,"Load":101,"Energy":2000,"Current":450},{"ID":2,"State":0,"Load":0,"Energy":5,"Current":0}]}""" },
            "total voltage 230.5; total frequency 49.9; outlet-1 active-power 101; outlet-1 energy-import 7200000; outlet-1 current 0.45; outlet-2 active-power 0; outlet-2 energy-import 18000; outlet-2 current 0"
        },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Recorded_answers_are_read_in_SI_units(string model, Dictionary<string, string> answers, string expected)
    {
        using var server = await StockHttpServer.StartAsync(answers, Token);
        await using var meter = await OpenAsync(server.Port, model);

        var readings = await meter.ReadAsync(Token);

        Assert.Equal(
            expected.Split("; ").Order(StringComparer.Ordinal),
            readings.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Channel} {QuantityNames.NameOf(r.Quantity)} {r.Value:G12}")).Order(StringComparer.Ordinal));
        Assert.All(readings, r => Assert.Equal(r.Value is null ? SampleFlags.NotAvailable : r.Flags & ~SampleFlags.BelowMinimumLoad, r.Flags & ~SampleFlags.BelowMinimumLoad));
    }

    [Fact]
    public async Task A_plug_tells_what_it_is_and_is_recorded_without_loss()
    {
        using var server = await StockHttpServer.StartAsync(
            new Dictionary<string, string> { ["/rpc/Switch.GetStatus"] = Switch, ["/shelly"] = """{"id":"plug","mac":"A8032ABE54DC","model":"SNPL-00112EU","gen":2,"ver":"1.4.4","auth_en":false}""" }, Token);
        await using var meter = await OpenAsync(server.Port, "shelly-gen2");
        var sink = new CollectingSink();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var acquisition = meter.AcquireAsync(new AcquisitionRequest([0, 1], TimeSpan.FromMilliseconds(50)), sink, stop.Token);
        while (sink.Samples.Count < 10 && !acquisition.IsCompleted)
            await Task.Delay(20, Token);
        await stop.CancelAsync();
        await acquisition;

        Assert.Equal(new MeterIdentity("Shelly", "SNPL-00112EU", "A8032ABE54DC", "1.4.4"), await meter.IdentifyAsync(Token));
        Assert.All(sink.Samples, s => Assert.Equal(s.Trace == 0 ? 399.2 : 2574466.6 * 3600, meter.Traces[s.Trace].Scale.ToValue(s.Sample.Code), 1e-3));
        Assert.All(sink.Samples, s => Assert.True(s.Sample.BeforeNs < s.Sample.AfterNs));
        Assert.Equal(399.2 * 0.01 / Math.Sqrt(3), meter.Traces[0].Accuracy!.StandardUncertainty(399.2), 1e-9);
        Assert.Null((await OpenAsync(server.Port, "shelly-gen2")).Traces[1].Accuracy);
    }

    [Fact]
    public async Task A_device_without_a_meter_is_refused()
    {
        using var server = await StockHttpServer.StartAsync(new Dictionary<string, string> { ["/rpc/Switch.GetStatus"] = """{"id":0,"output":true}""" }, Token);

        var failure = await Assert.ThrowsAsync<MeterException>(() => OpenAsync(server.Port, "shelly-gen2"));

        Assert.Equal(MeterFailure.WrongDevice, failure.Failure);
    }

    private static Task<IMeter> OpenAsync(int port, string model) => new HttpOpener().OpenAsync(
        MeterUri.Parse(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}?model={model}&timeout=10s")), "plug", Shipped.Environment, Token);
}
