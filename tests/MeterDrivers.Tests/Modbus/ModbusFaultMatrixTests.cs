using System.Globalization;

using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Modbus;
using MeterLab.MeterDrivers.Tests.Polling;

namespace MeterLab.MeterDrivers.Tests.Modbus;

/// <summary>
/// One faulty answer in the middle of a recording. The device shows another power to every request, so an answer that is taken for that
/// to another question shows as a value that stands still or goes back. Whatever happens, the recording goes on.
/// </summary>
public sealed class ModbusFaultMatrixTests
{
    private const int FaultyRequest = 4;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Framing, fault, and its outcome: "taken" (the answer is used), or what the repeated try is counted as.</summary>
    public static TheoryData<bool, string, string> Faults
    {
        get
        {
            var data = new TheoryData<bool, string, string>();
            foreach (var rtu in new[] { false, true })
            {
                data.Add(rtu, "one byte at a time", "taken");
                data.Add(rtu, "doubled", "taken");
                data.Add(rtu, "late", "timed out");
                data.Add(rtu, "silence", "timed out");
                data.Add(rtu, "wrong unit", "refused");
                data.Add(rtu, "wrong function", "refused");
                data.Add(rtu, "another length", "refused");
                foreach (var code in new[] { 1, 2, 3, 4, 5, 6, 8, 10, 11, 77 })
                    data.Add(rtu, FormattableString.Invariant($"exception {code}"), "refused");
            }

            data.Add(true, "garbage before", "corrupted");
            data.Add(true, "short", "corrupted");
            data.Add(true, "long", "taken");
            data.Add(true, "bad CRC", "corrupted");
            data.Add(true, "changed byte", "corrupted");
            data.Add(false, "wrong transaction", "timed out");
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task One_fault_has_its_outcome_and_the_recording_goes_on(bool rtu, string fault, string outcome)
    {
        var (sink, statistics) = await RecordAsync(rtu, request => request == FaultyRequest ? fault : null);

        var taken = outcome == "taken";
        CheckValues(sink);
        Assert.Equal(taken ? 0 : 1, statistics.Retries);
        Assert.Equal(0, statistics.Lost);
        Assert.Equal(0, statistics.Reconnections);
        Assert.Equal(outcome == "timed out" ? 1 : 0, statistics.Timeouts);
        Assert.Equal(outcome == "corrupted" ? 1 : 0, statistics.Corrupted);
        Assert.Equal(outcome == "refused" ? 1 : 0, statistics.Refusals);
        Assert.Equal(taken ? 0 : 1, sink.Samples.Count(s => s.Sample.Flags == SampleFlags.Retried));
        Assert.DoesNotContain(sink.Samples, s => (s.Sample.Flags & SampleFlags.Gap) != 0);
    }

    [Theory]
    [InlineData("garbage before")]
    [InlineData("long")]
    [InlineData("short")]
    public async Task On_a_network_a_stream_out_of_step_is_opened_again(string fault)
    {
        var (sink, statistics) = await RecordAsync(rtu: false, request => request == FaultyRequest ? fault : null, outOfStep: true);

        CheckValues(sink);
        Assert.True(statistics.Reconnections >= 1);
        Assert.Contains(sink.Events, e => e.Kind == AcquisitionEventKind.Reconnected);
    }

    [Theory]
    [InlineData(false, "exception 6", 0)]
    [InlineData(true, "exception 6", 0)]
    [InlineData(true, "bad CRC", 0)]
    [InlineData(true, "wrong unit", 0)]
    public async Task A_fault_that_lasts_costs_samples_and_the_gap_is_visible(bool rtu, string fault, int reconnections)
    {
        var (sink, statistics) = await RecordAsync(rtu, request => request is >= FaultyRequest and <= FaultyRequest + 1 ? fault : null);

        CheckValues(sink);
        Assert.Equal(1, statistics.Retries);
        Assert.True(statistics.Lost >= 1);
        Assert.Equal(reconnections, statistics.Reconnections);
        Assert.Single(sink.Samples, s => (s.Sample.Flags & SampleFlags.Gap) != 0);
        Assert.Contains(sink.Events, e => e.Kind == AcquisitionEventKind.Lost);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 2)]
    public async Task An_address_says_how_often_a_failed_exchange_is_repeated(int retries, int repeated)
    {
        var (sink, statistics) = await RecordAsync(
            rtu: true, request => request is >= FaultyRequest and < FaultyRequest + 2 ? "bad CRC" : null, $"&retries={retries}");

        CheckValues(sink);
        Assert.Equal(repeated, statistics.Retries);
        Assert.Equal(retries == 0, statistics.Lost > 0);
        Assert.Equal(2, statistics.Corrupted);
    }

    private static async Task<(CollectingSink Sink, AcquisitionStatistics Statistics)> RecordAsync(
        bool rtu, Func<int, string?> faultOf, string options = "", bool outOfStep = false)
    {
        var device = new RegisterDevice { Rtu = rtu };
        var requests = 0;
        await using var server = new LoopbackServer(request =>
        {
            var number = Interlocked.Increment(ref requests);
            device.SetSingle(0x34, 1000 + number);
            var answer = device.Answer(request);
            return faultOf(number) is { } fault ? FaultCase.Chunks(fault, rtu, answer, (unit, pdu) => device.Frame(request, unit, pdu)) : [answer];
        }, rtu);
        var scheme = rtu ? "modbus-rtu-tcp" : "modbus-tcp";
        var uri = string.Create(CultureInfo.InvariantCulture, $"{scheme}://127.0.0.1:{server.Port}/1?model=eastron-sdm630&timeout=1s{options}");
        await using var meter = await new ModbusOpener().OpenAsync(MeterUri.Parse(uri), "wall", Shipped.Environment, Token);
        var sink = new CollectingSink();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var trace = meter.Traces.ToList().FindIndex(t => t.Channel.Channel == "total" && t.Quantity == Quantity.ActivePower);

        var acquisition = meter.AcquireAsync(new AcquisitionRequest([trace], TimeSpan.FromMilliseconds(5)), sink, stop.Token);
        while (sink.Samples.Count < 8 && !acquisition.IsCompleted)
            await Task.Delay(10, Token);
        await stop.CancelAsync();
        await acquisition.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal(outOfStep, server.Connections > 1);
        return (sink, meter.Statistics);
    }

    private static void CheckValues(CollectingSink sink)
    {
        var values = sink.Samples.Select(s => (double)BitConverter.Int32BitsToSingle((int)s.Sample.Code)).ToArray();
        Assert.All(values, value => Assert.True(value > 1000 && value == Math.Floor(value), $"{value} was never shown"));
        Assert.All(values.Zip(values.Skip(1)), pair => Assert.True(pair.First < pair.Second, $"{pair.Second} came after {pair.First}"));
    }
}
