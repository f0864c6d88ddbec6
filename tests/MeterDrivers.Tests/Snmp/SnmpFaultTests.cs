using System.Globalization;
using System.Net;
using System.Net.Sockets;

using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Snmp;
using MeterLab.MeterDrivers.Tests.Polling;

namespace MeterLab.MeterDrivers.Tests.Snmp;

/// <summary>Whatever an agent or a stranger on its port sends, a wrong value is never taken and nothing hangs.</summary>
public sealed class SnmpFaultTests
{
    private static readonly SnmpOid Power = SnmpOid.Parse("1.3.6.1.4.1.318.1.1.12.1.16.0");
    private static readonly byte[] Right = [0x02, 0x02, 0x04, 0xD2];
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_question_is_encoded_as_the_standard_says()
    {
        var message = new SnmpRequest(2, "public", [SnmpOid.Parse("1.3.6.1.2.1.1.1.0")]).Next(0x010203).ToArray();

        // RFC 1157 and X.690 by hand: version, community, then the GET with its number, no error, and one object without a value.
        Assert.Equal(
            "3029" + "020101" + "04067075626C6963" + "A01C" + "020401010203" + "020100" + "020100" + "300E" + "300C" + "06082B06010201010100" + "0500",
            Convert.ToHexString(message));
    }

    [Theory]
    [InlineData("late", false)]
    [InlineData("garbage", false)]
    [InlineData("truncated", false)]
    [InlineData("other community", false)]
    [InlineData("other object", false)]
    [InlineData("request echoed", false)]
    [InlineData("text", true)]
    public async Task What_is_no_answer_is_dropped_and_the_answer_behind_it_taken(string fault, bool last)
    {
        await using var agent = new UdpAgent((question, _) =>
        {
            var right = UdpAgent.Answer(question, Right);
            return last ? [(0, Damaged(fault, question, right))] : [(0, Damaged(fault, question, right)), (0, right)];
        });
        await using var client = await OpenAsync(agent.Port);
        var values = new SnmpValue[1];

        await client.GetAsync(new SnmpRequest(2, "lab", [Power]), values, Patient, Token);

        Assert.Equal(last ? new SnmpValue(SnmpKind.Text) : new SnmpValue(SnmpKind.Number, 1234), values[0]);
        Assert.Equal(last ? 0 : 1, client.Dropped);
    }

    [Fact]
    public async Task An_answer_that_comes_after_the_deadline_is_not_taken_for_the_next()
    {
        await using var agent = new UdpAgent((question, count) =>
            count == 0 ? [(600, UdpAgent.Answer(question, [0x02, 0x01, 0x07]))] : [(0, UdpAgent.Answer(question, Right))]);
        await using var client = await OpenAsync(agent.Port);
        var values = new SnmpValue[1];
        var request = new SnmpRequest(2, "lab", [Power]);

        var failure = await Assert.ThrowsAsync<LinkException>(() => client.GetAsync(request, values, Short, Token).AsTask());
        await client.GetAsync(request, values, Patient, Token);

        Assert.Equal(LinkFailure.TimedOut, failure.Failure);
        Assert.Equal(1234, values[0].Number);
        Assert.Equal(1, client.Dropped);
    }

    [Fact]
    public async Task Only_garbage_is_a_damaged_line_and_silence_a_time_out()
    {
        await using var agent = new UdpAgent((_, _) => [(0, new byte[60_000]), (0, [])]);
        await using var client = await OpenAsync(agent.Port);

        var failure = await Assert.ThrowsAsync<LinkException>(
            () => client.GetAsync(new SnmpRequest(1, "lab", [Power]), new SnmpValue[1], Short, Token).AsTask());

        Assert.Equal(LinkFailure.Corrupt, failure.Failure);
    }

    [Fact]
    public async Task A_port_where_nothing_listens_says_so_at_once()
    {
        int port;
        using (var closed = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0)))
            port = ((IPEndPoint)closed.Client.LocalEndPoint!).Port;
        await using var client = await OpenAsync(port);

        var failure = await Assert.ThrowsAsync<LinkException>(
            () => client.GetAsync(new SnmpRequest(2, "lab", [Power]), new SnmpValue[1], Patient, Token).AsTask());

        Assert.Equal(LinkFailure.Unreachable, failure.Failure);
        Assert.Contains(port.ToString(CultureInfo.InvariantCulture), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_goes_away_in_mid_recording_and_comes_back_leaves_a_gap_that_shows()
    {
        var agent = new UdpAgent((question, _) => [(0, UdpAgent.Answer(question, Right))]);
        var port = agent.Port;
        var environment = Shipped.Environment;
        var uri = MeterUri.Parse(string.Create(CultureInfo.InvariantCulture, $"snmp://lab@127.0.0.1:{port}?model=apc-rpdu&version=2c&timeout=5s"));
        await using var meter = await new SnmpOpener().OpenAsync(uri, "pdu", environment, Token);
        var sink = new CollectingSink();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var acquisition = meter.AcquireAsync(new AcquisitionRequest([0], TimeSpan.FromMilliseconds(20)), sink, stop.Token);
        await UntilAsync(() => sink.Samples.Count >= 3);
        await agent.DisposeAsync();
        await UntilAsync(() => sink.Events.Any(e => e.Kind == AcquisitionEventKind.Disconnected));
        await using var again = new UdpAgent((question, _) => [(0, UdpAgent.Answer(question, Right))], port);
        await UntilAsync(() => sink.Samples.Any(s => s.Sample.Flags.HasFlag(SampleFlags.Gap)));
        await stop.CancelAsync();
        await acquisition;

        Assert.True(meter.Statistics.Lost >= 1);
        Assert.All(sink.Samples, s => Assert.Equal(1234, meter.Traces[0].Scale.ToValue(s.Sample.Code)));

        async Task UntilAsync(Func<bool> condition)
        {
            for (var i = 0; i < 2000 && !condition(); i++)
                await Task.Delay(10, Token);
            Assert.True(condition());
        }
    }

    [Fact]
    public async Task A_refusal_is_told_with_the_object_at_fault()
    {
        await using var agent = new UdpAgent((question, _) =>
        {
            var answer = UdpAgent.Answer(question, Right);
            // Status and index follow the number: 5 (general failure) at the first object.
            var at = answer.AsSpan().IndexOf(new byte[] { 2, 1, 0, 2, 1, 0 });
            (answer[at + 2], answer[at + 5]) = (5, 1);
            return [(0, answer)];
        });
        await using var client = await OpenAsync(agent.Port);
        var request = new SnmpRequest(2, "lab", [Power]);

        var (accepted, _, _) = await client.GetAsync(request, new SnmpValue[1], Patient, Token);

        Assert.False(accepted);
        Assert.Equal((5, 1), (request.ErrorStatus, request.ErrorIndex));
    }

    [Theory]
    [InlineData("0201FF", -1)]
    [InlineData("02047FFFFFFF", int.MaxValue)]
    [InlineData("420500FFFFFFFF", uint.MaxValue)]
    [InlineData("4204FFFFFFFF", uint.MaxValue)]
    [InlineData("46087FFFFFFFFFFFFFFF", long.MaxValue)]
    [InlineData("4609000000000000000001", 1)]
    public void Numbers_of_every_type_keep_their_value(string encoded, long value) => Assert.Equal(new SnmpValue(SnmpKind.Number, value), Decode(encoded));

    [Theory]
    [InlineData("8000", SnmpKind.Absent)]
    [InlineData("8100", SnmpKind.Absent)]
    [InlineData("0500", SnmpKind.Absent)]
    [InlineData("4608FFFFFFFFFFFFFFFF", SnmpKind.Other)]
    [InlineData("40047F000001", SnmpKind.Other)]
    [InlineData("0403313233", SnmpKind.Text)]
    internal void What_is_no_number_is_not_taken_for_one(string encoded, SnmpKind kind) => Assert.Equal(kind, Decode(encoded)!.Value.Kind);

    [Theory]
    [InlineData("0200")]
    [InlineData("02050000000001")]
    [InlineData("42050100000000")]
    [InlineData("460A00000000000000000001")]
    [InlineData("800101")]
    [InlineData("0284FFFFFFFF01")]
    [InlineData("1F0100")]
    public void A_value_that_the_standard_does_not_allow_is_a_damaged_answer(string encoded) => Assert.Null(Decode(encoded));

    private static SnmpValue? Decode(string encoded)
    {
        var request = new SnmpRequest(2, "lab", [Power]);
        var values = new SnmpValue[1];
        var verdict = request.Decode(UdpAgent.Answer(request.Next(1).ToArray(), Convert.FromHexString(encoded)), values);
        return verdict == SnmpVerdict.Reply ? values[0] : Assert.IsType<SnmpVerdict>(verdict) == SnmpVerdict.Corrupt ? null : throw new InvalidOperationException(verdict.ToString());
    }

    private static byte[] Damaged(string fault, byte[] question, byte[] right)
    {
        var damaged = right.ToArray();
        switch (fault)
        {
            case "late":
                damaged[damaged.AsSpan().IndexOf(question.AsSpan(question.AsSpan().IndexOf(new byte[] { 2, 4 }), 6)) + 5]++;
                return damaged;
            case "garbage":
                return "HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray();
            case "truncated":
                return damaged[..^1];
            case "other community":
                damaged[7]++;
                return damaged;
            case "other object":
                damaged[damaged.AsSpan().IndexOf(Power.Encoded) + 7]++;
                return damaged;
            case "request echoed":
                return question;
            default:
                return UdpAgent.Answer(question, [0x04, 0x03, 0x31, 0x32, 0x33]);
        }
    }

    private static async Task<SnmpClient> OpenAsync(int port)
    {
        var client = new SnmpClient("127.0.0.1", port, new SystemHostClock(), TimeProvider.System);
        await client.OpenAsync(Token);
        return client;
    }
}
