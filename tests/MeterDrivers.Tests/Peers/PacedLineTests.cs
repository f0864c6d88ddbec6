using MeterLab.Measurement.Quantities;
using MeterLab.MeterDrivers.Modbus;
using MeterLab.MeterDrivers.Tests.Polling;

namespace MeterLab.MeterDrivers.Tests.Peers;

/// <summary>A line on which every character takes its time, 9600 8N1, with a pymodbus server at its far end.</summary>
public sealed class PacedLineTests
{
    private const int Baud = 9600;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_meters_share_it_without_loss_and_every_silence_is_kept()
    {
        using var bridge = new PtyBridge(Baud);
        using var tables = await RegisterTables.StartAsync(bridge.Far, Token, "orno-we-504", "pzem-016");
        var opener = new ModbusOpener();
        var sinks = new[] { new CollectingSink(), new CollectingSink() };
        var meters = new List<IMeter>();
        foreach (var table in tables.Tables)
            meters.Add(await opener.OpenAsync(MeterUri.Parse(tables.AddressOf(table, bridge.Near)), table.Model, Shipped.Environment, Token));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var work = meters.Zip(sinks, (meter, sink) => meter.AcquireAsync(new AcquisitionRequest([0], TimeSpan.FromMilliseconds(10)), sink, stop.Token)).ToArray();
        while (sinks.Any(sink => sink.Samples.Count < 10) && !work.Any(task => task.IsCompleted))
            await Task.Delay(20, Token);
        await stop.CancelAsync();
        await Task.WhenAll(work);

        foreach (var (table, meter, sink) in tables.Tables.Zip(meters, sinks))
        {
            var power = table.Values[("total", QuantityNames.NameOf(Quantity.ActivePower))];
            Assert.Equal(("total", Quantity.ActivePower), (meter.Traces[0].Channel.Channel, meter.Traces[0].Quantity));
            Assert.All(sink.Samples, sample => Assert.Equal(power, meter.Traces[0].Scale.ToValue(sample.Sample.Code), 1e-9));
            Assert.Equal((0L, 0L), (meter.Statistics.Lost, meter.Statistics.Retries));
            await meter.DisposeAsync();
        }

        CheckSilences(bridge.Transmissions);
        // An exchange is never shorter than its characters: 8 there and 7 or 9 back.
        var characters = TimeSpan.FromSeconds(15 * 10.0 / Baud);
        Assert.All(sinks[0].Samples, s => Assert.True(s.Sample.AfterNs - s.Sample.BeforeNs >= characters.TotalNanoseconds, "an answer came before its characters were over"));
    }

    // Modbus over Serial Line, 2.5.1.1: at least 3.5 characters between the end of an answer and the next request.
    private static void CheckSilences(IReadOnlyList<PtyBridge.Transmission> transmissions)
    {
        var ordered = transmissions.OrderBy(t => t.Start).ToArray();
        var requests = 0;
        foreach (var (earlier, later) in ordered.Zip(ordered.Skip(1)))
        {
            if (!later.FromNear || earlier.FromNear)
                continue;
            requests++;
            var silence = TimeProvider.System.GetElapsedTime(earlier.End, later.Start);
            Assert.True(silence >= TimeSpan.FromSeconds(3.5 * 10 / Baud), $"only {silence.TotalMilliseconds:0.###} ms before a request");
        }

        Assert.True(requests >= 19, $"{requests} requests after an answer");
    }
}
