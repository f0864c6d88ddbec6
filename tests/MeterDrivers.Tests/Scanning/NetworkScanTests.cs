using System.Net;
using System.Net.Sockets;

using MeterLab.MeterDrivers.Http;
using MeterLab.MeterDrivers.Scanning;
using MeterLab.MeterDrivers.Snmp;
using MeterLab.MeterDrivers.Tests.Http;
using MeterLab.MeterDrivers.Tests.Snmp;

namespace MeterLab.MeterDrivers.Tests.Scanning;

/// <summary>Scans of a host by SNMP and by HTTP, against servers that others wrote; what is asked is a GET and nothing else.</summary>
public sealed class NetworkScanTests
{
    private const string Switch = """{"id":0,"output":true,"apower":399.2,"voltage":230.8,"current":1.886,"freq":50.02,"aenergy":{"total":2574466.6}}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("apc-rpdu2", 318, "1.3.6.1.4.1.318.1.1.26.4.3.1.5.1 integer 57\n1.3.6.1.4.1.318.1.1.26.9.4.3.1.7.1 integer 263")]
    [InlineData("eaton-epdu-g3", 534, "1.3.6.1.4.1.534.6.6.7.6.5.1.3.0.1 integer 145")]
    [InlineData("server-technology-sentry4", 1718, "1.3.6.1.4.1.1718.4.1.8.3.1.7.1.1.1 integer 575")]
    public async Task An_agent_is_known_by_the_objects_that_only_its_maker_has(string model, int enterprise, string objects)
    {
        using var agent = await SnmpdPeer.StartAsync(
            enterprise, objects.Split('\n').Select(line => line.Split(' ')).Select(words => (words[0], words[1], words[2])), Token);

        var report = await ScanAsync(new SnmpOpener(), $"snmp://{SnmpdPeer.Community}@127.0.0.1:{agent.Port}");

        var found = Assert.Single(Assert.Single(report.Answers).Candidates);
        Assert.Equal((model, ScanCertainty.Identified), (found.Model, found.Certainty));
        Assert.DoesNotContain(SnmpdPeer.Community, found.Uri + report.Answers[0].Place, StringComparison.Ordinal);
        Assert.Equal("a rack PDU", found.Identity!.Firmware);
    }

    [Fact]
    public async Task Another_makers_agent_is_said_to_answer_and_not_guessed()
    {
        using var agent = await SnmpdPeer.StartAsync(9, [("1.3.6.1.4.1.9.1.1.0", "integer", "1")], Token);

        var report = await ScanAsync(new SnmpOpener(), $"snmp://{SnmpdPeer.Community}@127.0.0.1:{agent.Port}");

        Assert.Empty(Assert.Single(report.Answers).Candidates);
        Assert.Equal(["it answers, but no model fits"], report.Answers[0].Notes);
    }

    [Fact]
    public async Task An_agent_gets_questions_only()
    {
        const byte Get = 0xA0;
        var operations = new List<byte>();
        await using var agent = new UdpAgent((question, _) =>
        {
            operations.Add(question[UdpAgent.OperationAt(question)]);
            return [(0, UdpAgent.Answer(question, [.. Enumerable.Repeat<byte[]>([0x80, 0], 100)]))];
        });

        await ScanAsync(new SnmpOpener(), $"snmp://lab@127.0.0.1:{agent.Port}");

        Assert.NotEmpty(operations);
        Assert.All(operations, operation => Assert.Equal(Get, operation));
    }

    [Fact]
    public async Task A_plug_is_told_from_other_makers_by_what_it_answers()
    {
        using var server = await StockHttpServer.StartAsync(new Dictionary<string, string> { ["/rpc/Switch.GetStatus"] = Switch }, Token);

        var report = await ScanAsync(new HttpOpener(), $"http://127.0.0.1:{server.Port}");

        var found = Assert.Single(Assert.Single(report.Answers).Candidates);
        Assert.Equal(("shelly-gen2", ScanCertainty.Likely), (found.Model, found.Certainty));
        Assert.Contains("230.8 V", found.Why[1], StringComparison.Ordinal);
        await using var meter = await new HttpOpener().OpenAsync(MeterUri.Parse(found.Uri), "found", Shipped.Environment, Token);
        Assert.Contains(await meter.ReadAsync(Token), reading => reading.Value == 399.2);
    }

    [Fact]
    public async Task A_server_without_a_meter_is_no_plug_and_is_asked_by_GET_only()
    {
        await using var server = new RawHttpServer((_, _) => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");

        var report = await ScanAsync(new HttpOpener(), $"http://127.0.0.1:{server.Port}");

        Assert.Empty(Assert.Single(report.Answers).Candidates);
        Assert.Equal(["it answers, but no model fits"], report.Answers[0].Notes);
        Assert.NotEmpty(server.Heads);
        Assert.All(server.Heads, head => Assert.StartsWith("GET ", head, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_where_nobody_listens_is_a_failure_and_no_empty_finding()
    {
        var port = ClosedPort();

        var http = await Assert.ThrowsAsync<LinkException>(() => ScanAsync(new HttpOpener(), $"http://127.0.0.1:{port}"));
        await Assert.ThrowsAsync<LinkException>(() => ScanAsync(new SnmpOpener(), $"snmp://lab@127.0.0.1:{port}"));

        Assert.Equal(LinkFailure.Unreachable, http.Failure);
    }

    private static Task<ScanReport> ScanAsync(IMeterScanner scanner, string place) =>
        scanner.ScanAsync(new ScanRequest(MeterUri.Parse(place)) { Timeout = TimeSpan.FromSeconds(2) }, Shipped.Environment, null, Token);

    // One that was free a moment ago.
    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
