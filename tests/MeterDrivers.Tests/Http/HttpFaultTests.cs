using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

using MeterLab.Measurement;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Http;
using MeterLab.MeterDrivers.Tests.Polling;

namespace MeterLab.MeterDrivers.Tests.Http;

/// <summary>Whatever a device answers, a wrong value is never taken, nothing hangs, and no secret is told.</summary>
public sealed partial class HttpFaultTests
{
    private const string Power = """{"meters":[{"power":61.05,"total":1}]}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string?, string> Faults => new()
    {
        { "hangs up", null, "Corrupt" },
        { "no HTTP", "\x06\x19hello\r\n\r\n", "Corrupt" },
        { "broken off", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"meters\":[", "TimedOut" },
        { "half of the JSON", RawHttpServer.Ok(Power[..^3]), "Corrupt" },
        { "two documents", RawHttpServer.Ok(Power + Power), "Corrupt" },
        { "too deep", RawHttpServer.Ok(new string('[', 200) + new string(']', 200)), "Corrupt" },
        { "redirect", "HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/status\r\nContent-Length: 0\r\n\r\n", "Refused" },
        { "gone", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "Refused" },
        { "password", "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n", "Refused" },
        { "oversize", "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + new string(' ', 100_000), "Protocol" },
        { "endless head", "HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Repeat("X: " + new string('x', 1000) + "\r\n", 40)), "Corrupt" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_is_a_declared_failure_and_the_next_reading_is_right_again(string fault, string? answer, string expected)
    {
        _ = fault;
        var broken = false;
        await using var server = new RawHttpServer((_, _) => broken ? answer : RawHttpServer.Ok(Power));
        await using var meter = await OpenAsync(server.Port, "shelly-gen1", "&timeout=2s");

        broken = true;
        var failure = await Assert.ThrowsAnyAsync<MeterLabException>(() => meter.ReadAsync(Token));
        broken = false;
        var readings = await meter.ReadAsync(Token);

        Assert.Equal(expected, failure is LinkException link ? link.Failure.ToString() : ((MeterException)failure).Failure.ToString());
        Assert.Equal(61.05, readings[0].Value);
    }

    [Fact]
    public async Task An_answer_after_the_deadline_is_never_taken_for_the_next()
    {
        await using var server = new RawHttpServer(async (_, count) =>
        {
            if (count == 1)
                await Task.Delay(1500, Token);
            return Encoding.ASCII.GetBytes(RawHttpServer.Ok(count == 1 ? """{"meters":[{"power":666,"total":1}]}""" : Power));
        });
        await using var meter = await OpenAsync(server.Port, "shelly-gen1", "&timeout=500ms");

        var failure = await Assert.ThrowsAsync<LinkException>(() => meter.ReadAsync(Token));

        Assert.Equal(LinkFailure.TimedOut, failure.Failure);
        for (var i = 0; i < 5; i++)
            Assert.Equal(61.05, (await meter.ReadAsync(Token))[0].Value);
    }

    [Fact]
    public async Task A_text_is_not_a_number_and_a_missing_value_is_told()
    {
        await using var server = new RawHttpServer((_, count) => RawHttpServer.Ok(count == 0 ? Power : """{"meters":[{"power":"61.05"}]}"""));
        await using var meter = await OpenAsync(server.Port, "shelly-gen1");

        var readings = await meter.ReadAsync(Token);

        Assert.All(readings, r => Assert.Equal((null, SampleFlags.NotAvailable), (r.Value, r.Flags)));
    }

    [Theory]
    [InlineData("""{"\ud83d\ue000":1,"meters":[{"power":1}]}""")]
    [InlineData("""{"meters":[{"pow\ud83d":1}],"id":"\ud83d"}""")]
    public void Half_a_surrogate_pair_is_nothing_and_no_failure(string json)
    {
        using var reply = JsonReply.Read(Encoding.ASCII.GetBytes(json));

        Assert.Null(reply!.Text(JsonPath.Parse("id")));
        Assert.InRange((int)reply.Number(JsonPath.Parse("meters[0].power"), []).Flags, 0, (int)SampleFlags.NotAvailable);
    }

    [Fact]
    public async Task A_device_that_goes_away_in_mid_recording_leaves_a_gap_that_shows()
    {
        var gone = false;
        await using var server = new RawHttpServer((_, _) => gone ? null : RawHttpServer.Ok(Power));
        await using var meter = await OpenAsync(server.Port, "shelly-gen1");
        var sink = new CollectingSink();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var acquisition = meter.AcquireAsync(new AcquisitionRequest([0], TimeSpan.FromMilliseconds(20)), sink, stop.Token);
        while (sink.Samples.Count < 5 && !acquisition.IsCompleted)
            await Task.Delay(20, Token);
        gone = true;
        while (meter.Statistics.Lost == 0 && !acquisition.IsCompleted)
            await Task.Delay(20, Token);
        gone = false;
        var before = sink.Samples.Count;
        while (sink.Samples.Count < before + 5 && !acquisition.IsCompleted)
            await Task.Delay(20, Token);
        await stop.CancelAsync();
        await acquisition;

        Assert.True(meter.Statistics.Lost >= 1);
        Assert.Contains(sink.Samples, s => s.Sample.Flags.HasFlag(SampleFlags.Gap));
        Assert.All(sink.Samples, s => Assert.Equal(61.05, meter.Traces[0].Scale.ToValue(s.Sample.Code)));
    }

    [Fact]
    public async Task A_counter_that_ran_backwards_is_flagged()
    {
        await using var server = new RawHttpServer((_, count) => RawHttpServer.Ok($$"""{"meters":[{"power":1,"total":{{(count < 4 ? 1000 + count : 3).ToString(CultureInfo.InvariantCulture)}}}]}"""));
        await using var meter = await OpenAsync(server.Port, "shelly-gen1");
        var sink = new CollectingSink();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var acquisition = meter.AcquireAsync(new AcquisitionRequest([1], TimeSpan.FromMilliseconds(20)), sink, stop.Token);
        while (sink.Samples.Count < 6 && !acquisition.IsCompleted)
            await Task.Delay(20, Token);
        await stop.CancelAsync();
        await acquisition;

        var reset = Assert.Single(sink.Samples, s => s.Sample.Flags != SampleFlags.None);
        Assert.Equal((SampleFlags.CounterReset, 180.0), (reset.Sample.Flags, meter.Traces[1].Scale.ToValue(reset.Sample.Code)));
    }

    [Fact]
    public async Task A_digest_of_SHA_256_is_answered_and_the_password_stays_at_home()
    {
        const string Password = "open-sesame";
        System.Environment.SetEnvironmentVariable("METERLAB_TEST_PASSWORD", Password);
        await using var server = new RawHttpServer((head, _) => IsDigestRight(head, Password)
            ? RawHttpServer.Ok("""{"id":0,"apower":5.5}""")
            : "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest qop=\"auth\", realm=\"plug\", nonce=\"60d1d75e\", algorithm=SHA-256\r\nContent-Length: 0\r\n\r\n");
        await using var meter = await OpenAsync(server.Port, "shelly-gen2", "&password=env:METERLAB_TEST_PASSWORD");

        Assert.Equal(5.5, Assert.Single(await meter.ReadAsync(Token)).Value);
        Assert.All(server.Heads, head => Assert.DoesNotContain(Password, head, StringComparison.Ordinal));
        Assert.DoesNotContain("METERLAB_TEST_PASSWORD", meter.Uri.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_asks_for_the_password_in_the_clear_does_not_get_it()
    {
        await using var server = new RawHttpServer((_, _) => "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n");

        var failure = await Assert.ThrowsAsync<MeterException>(() => OpenAsync(server.Port, "shelly-gen2", "&password=open-sesame"));

        Assert.Equal(MeterFailure.Refused, failure.Failure);
        Assert.All(server.Heads, head => Assert.DoesNotContain("Authorization", head, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("sesame", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_of_the_query_is_sent_and_never_told()
    {
        await using var server = new RawHttpServer((head, _) => head.StartsWith("GET /cm?cmnd=Status%208&user=admin&password=a%26b ", StringComparison.Ordinal)
            ? RawHttpServer.Ok("""{"StatusSNS":{"ENERGY":{"Power":7}}}""")
            : "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n");
        await using var meter = await OpenAsync(server.Port, "tasmota", "&password=a%26b");
        Assert.Equal(7, Assert.Single(await meter.ReadAsync(Token)).Value);
        server.Close();

        var failure = await Assert.ThrowsAsync<LinkException>(() => meter.ReadAsync(Token));

        Assert.DoesNotContain("a%26b", failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("a&b", failure.ToString() + meter.Uri, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1/status?model=shelly-gen1", "paths are in the profile")]
    [InlineData("http://admin@127.0.0.1?model=shelly-gen1", "USER:PASSWORD")]
    [InlineData("http://127.0.0.1?model=apc-rpdu2", "is not reached by http")]
    [InlineData("http://127.0.0.1?model=shelly-gen1&pasword=x", "did you mean 'password'?")]
    public async Task A_wrong_address_is_told_with_what_would_be_right(string uri, string hint)
    {
        var failure = await Assert.ThrowsAsync<ConfigurationException>(() => new HttpOpener().OpenAsync(MeterUri.Parse(uri), "plug", Shipped.Environment, Token));

        Assert.Contains(hint, failure.Message, StringComparison.Ordinal);
    }

    // RFC 7616, 3.4.1, computed here by other means than the client's.
    private static bool IsDigestRight(string head, string password)
    {
        var given = DigestPart().Matches(head).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        if (!given.TryGetValue("response", out var response))
            return false;
        var first = Hash($"admin:plug:{password}");
        var second = Hash($"GET:{given["uri"]}");
        return response == Hash($"{first}:60d1d75e:{given["nc"]}:{given["cnonce"]}:auth:{second}");

        static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static Task<IMeter> OpenAsync(int port, string model, string options = "&timeout=10s") => new HttpOpener().OpenAsync(
        MeterUri.Parse(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}?model={model}{options}")), "plug", Shipped.Environment, Token);

    [GeneratedRegex("""(\w+)="?([^",\n]*)"?""")]
    private static partial Regex DigestPart();
}
