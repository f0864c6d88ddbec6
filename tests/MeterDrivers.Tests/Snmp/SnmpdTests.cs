using System.Globalization;

using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Snmp;
using MeterLab.MeterDrivers.Tests.Polling;

namespace MeterLab.MeterDrivers.Tests.Snmp;

/// <summary>What Net-SNMP's agent serves is what a meter of a profile reads. The objects stand here as the makers' documents have them.</summary>
public sealed class SnmpdTests
{
    private const double Wh = 3600;

    public static TheoryData<string, int, string, string> Agents => new()
    {
        {
            "apc-rpdu2", 318,
            """
            1.3.6.1.4.1.318.1.1.26.4.3.1.5.1 integer 57
            1.3.6.1.4.1.318.1.1.26.4.3.1.9.1 integer 12345
            1.3.6.1.4.1.318.1.1.26.4.3.1.16.1 integer 60
            1.3.6.1.4.1.318.1.1.26.4.3.1.17.1 integer 95
            1.3.6.1.4.1.318.1.1.26.6.3.1.7.1 integer 57
            1.3.6.1.4.1.318.1.1.26.9.4.3.1.6.1 integer 12
            1.3.6.1.4.1.318.1.1.26.9.4.3.1.7.1 integer 263
            1.3.6.1.4.1.318.1.1.26.9.4.3.1.7.2 integer -1
            1.3.6.1.4.1.318.1.1.26.9.4.3.1.7.24 integer 307
            1.3.6.1.4.1.318.1.1.26.9.4.3.1.11.1 integer 8765
            """,
            "total active-power 570; total energy-import 4444200000; total apparent-power 600; total power-factor 0.95; l1 active-power 570; "
            + "outlet-1 current 1.2; outlet-1 active-power 263; outlet-24 active-power 307; outlet-1 energy-import 3155400000"
        },
        {
            "raritan-px3", 13742,
            """
            1.3.6.1.4.1.13742.6.5.2.3.1.4.1.1.5 gauge 812
            1.3.6.1.4.1.13742.6.5.2.3.1.4.1.1.8 gauge 991234
            1.3.6.1.4.1.13742.6.5.4.3.1.4.1.1.5 gauge 1234
            1.3.6.1.4.1.13742.6.3.5.4.1.7.1.1.5 gauge 1
            1.3.6.1.4.1.13742.6.5.4.3.1.4.1.36.5 gauge 77
            1.3.6.1.4.1.13742.6.3.5.4.1.7.1.36.5 gauge 0
            1.3.6.1.4.1.13742.6.5.4.3.1.4.1.1.1 gauge 537
            1.3.6.1.4.1.13742.6.3.5.4.1.7.1.1.1 gauge 3
            1.3.6.1.4.1.13742.6.5.4.3.1.4.1.1.8 gauge 4000
            1.3.6.1.4.1.13742.6.3.5.4.1.7.1.1.8 gauge 0
            """,
            "inlet active-power 812; inlet energy-import 3568442400; outlet-1 active-power 123.4; outlet-36 active-power 77; outlet-1 current 0.537; outlet-1 energy-import 14400000"
        },
        {
            "server-technology-sentry3", 1718,
            """
            1.3.6.1.4.1.1718.3.2.3.1.14.1.1.1 integer 690
            1.3.6.1.4.1.1718.3.2.3.1.7.1.1.1 integer 300
            1.3.6.1.4.1.1718.3.2.3.1.14.1.1.2 integer -1
            """,
            "outlet-1 active-power 690; outlet-1 current 3"
        },
        {
            "server-technology-sentry4", 1718,
            """
            1.3.6.1.4.1.1718.4.1.8.3.1.7.1.1.1 integer 575
            1.3.6.1.4.1.1718.4.1.8.3.1.3.1.1.1 integer 250
            1.3.6.1.4.1.1718.4.1.8.3.1.6.1.1.1 integer 2301
            1.3.6.1.4.1.1718.4.1.8.3.1.10.1.1.1 integer 97
            1.3.6.1.4.1.1718.4.1.8.3.1.7.1.1.48 integer 21
            1.3.6.1.4.1.1718.4.1.8.3.1.14.1.1.1 integer 120000
            """,
            "outlet-1 active-power 575; outlet-1 current 2.5; outlet-1 voltage 230.1; outlet-1 power-factor 0.97; outlet-48 active-power 21; outlet-1 energy-import 432000000"
        },
        {
            "eaton-epdu-g3", 534,
            """
            1.3.6.1.4.1.534.6.6.7.6.5.1.3.0.1 integer 145
            1.3.6.1.4.1.534.6.6.7.6.5.1.2.0.1 integer 150
            1.3.6.1.4.1.534.6.6.7.6.5.1.4.0.1 integer 2500
            1.3.6.1.4.1.534.6.6.7.6.3.1.2.0.1 integer 230500
            1.3.6.1.4.1.534.6.6.7.6.4.1.3.0.1 integer 652
            """,
            "outlet-1 active-power 145; outlet-1 apparent-power 150; outlet-1 energy-import 9000000; outlet-1 voltage 230.5; outlet-1 current 0.652"
        },
        { "apc-rpdu", 318, "1.3.6.1.4.1.318.1.1.12.1.16.0 integer 1234", "total active-power 1234" },
        { "apc-epdu", 318, "1.3.6.1.4.1.318.1.1.30.2.1.1.7.1 integer 431", "total active-power 431" },
        { "eaton-epdu-revelation", 534, "1.3.6.1.4.1.534.6.6.6.1.2.2.1.7.3 integer 88", "outlet-3 active-power 88" },
        { "eaton-epdu-nlogic", 534, "1.3.6.1.4.1.534.7.1.5.1.1.13.1.2 integer 99", "outlet-2 active-power 99" },
        { "netio-snmp", 47952, "1.3.6.1.4.1.47952.1.1.1.9.1 integer 17\n1.3.6.1.4.1.47952.1.1.1.8.1 integer 2", "outlet-1 active-power 17; outlet-1 energy-import 7200" },
        { "raritan-px2", 13742, "1.3.6.1.4.1.13742.6.5.2.3.1.4.1.1.5 gauge 400\n1.3.6.1.4.1.13742.6.3.3.4.1.7.1.1.5 gauge 1", "inlet active-power 40" },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Agents))]
    public async Task Every_object_that_an_agent_has_is_read_in_SI_units(string model, int enterprise, string objects, string expected)
    {
        using var agent = await SnmpdPeer.StartAsync(enterprise, Lines(objects), Token);
        await using var meter = await OpenAsync(agent, model);

        var readings = await meter.ReadAsync(Token);

        Assert.Equal(
            expected.Split("; ").Order(StringComparer.Ordinal),
            readings.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Channel} {QuantityNames.NameOf(r.Quantity)} {r.Value:G12}")).Order(StringComparer.Ordinal));
        Assert.All(readings, r => Assert.Equal(SampleFlags.None, r.Flags));
        Assert.Equal("a rack PDU", (await meter.IdentifyAsync(Token)).Firmware);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2c")]
    public async Task Both_versions_find_the_outlets_that_are_there_and_record_them(string version)
    {
        using var agent = await SnmpdPeer.StartAsync(318, Lines("""
            1.3.6.1.4.1.318.1.1.26.9.4.3.1.7.1 integer 263
            1.3.6.1.4.1.318.1.1.26.9.4.3.1.7.2 integer 101
            1.3.6.1.4.1.318.1.1.26.9.4.3.1.11.1 integer 20
            """), Token);
        await using var meter = await OpenAsync(agent, "apc-rpdu2", $"&version={version}");
        Assert.Equal(["pdu/outlet-1", "pdu/outlet-1", "pdu/outlet-2"], meter.Traces.Select(t => t.Channel.ToString()).Order());
        var sink = new CollectingSink();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var power = meter.Traces.ToList().FindIndex(t => t.Channel.Channel == "outlet-2");
        var energy = meter.Traces.ToList().FindIndex(t => t.Quantity == Quantity.EnergyImport);

        var acquisition = meter.AcquireAsync(new AcquisitionRequest([power, energy], TimeSpan.FromMilliseconds(50)), sink, stop.Token);
        while (sink.Samples.Count < 10 && !acquisition.IsCompleted)
            await Task.Delay(20, Token);
        await stop.CancelAsync();
        await acquisition;

        Assert.All(sink.Samples, s => Assert.Equal(s.Trace == 0 ? 101 : 2000 * Wh, meter.Traces[s.Trace == 0 ? power : energy].Scale.ToValue(s.Sample.Code), 1e-6));
        Assert.All(sink.Samples, s => Assert.True(s.Sample.BeforeNs < s.Sample.AfterNs));
        Assert.Equal(101 * 0.03 / Math.Sqrt(3), meter.Traces[power].Accuracy!.StandardUncertainty(101), 1e-9);
    }

    [Fact]
    public async Task A_wrong_community_is_met_with_silence_and_the_secret_stays_unsaid()
    {
        using var agent = await SnmpdPeer.StartAsync(318, Lines("1.3.6.1.4.1.318.1.1.12.1.16.0 integer 1"), Token);

        var failure = await Assert.ThrowsAsync<LinkException>(() => OpenAsync(agent, "apc-rpdu", "&timeout=200ms", "hunter2"));

        Assert.Equal(LinkFailure.TimedOut, failure.Failure);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
        Assert.Contains("community", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_community_may_come_from_the_environment_and_shows_as_stars()
    {
        System.Environment.SetEnvironmentVariable("METERLAB_TEST_COMMUNITY", SnmpdPeer.Community);
        using var agent = await SnmpdPeer.StartAsync(318, Lines("1.3.6.1.4.1.318.1.1.12.1.16.0 integer 4"), Token);
        await using var meter = await OpenAsync(agent, "apc-rpdu", "", "env:METERLAB_TEST_COMMUNITY");

        Assert.Equal(4, Assert.Single(await meter.ReadAsync(Token)).Value);
        Assert.StartsWith("snmp://***@127.0.0.1:", meter.Uri.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(SnmpdPeer.Community, meter.ToString() + meter.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_of_another_maker_is_refused_as_a_stranger()
    {
        using var agent = await SnmpdPeer.StartAsync(318, Lines("1.3.6.1.4.1.318.1.1.12.1.16.0 integer 4"), Token);

        var failure = await Assert.ThrowsAsync<MeterException>(() => OpenAsync(agent, "eaton-epdu-g3"));

        Assert.Equal(MeterFailure.WrongDevice, failure.Failure);
    }

    [Fact]
    public async Task Digits_that_the_agent_does_not_tell_are_not_guessed()
    {
        using var agent = await SnmpdPeer.StartAsync(13742, Lines("1.3.6.1.4.1.13742.6.5.4.3.1.4.1.1.5 gauge 1234"), Token);

        var failure = await Assert.ThrowsAsync<MeterException>(() => OpenAsync(agent, "raritan-px3"));

        Assert.Contains("decimal digits", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_unit_that_the_objects_do_not_number_is_refused()
    {
        var uri = MeterUri.Parse("snmp://127.0.0.1?model=apc-rpdu2&unit=2");

        await Assert.ThrowsAsync<ConfigurationException>(() => new SnmpOpener().OpenAsync(uri, "pdu", Shipped.Environment, Token));
    }

    private static IEnumerable<(string, string, string)> Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim().Split(' ')).Select(parts => (parts[0], parts[1], parts[2]));

    private static Task<IMeter> OpenAsync(SnmpdPeer agent, string model, string options = "&timeout=10s", string community = SnmpdPeer.Community) =>
        new SnmpOpener().OpenAsync(
            MeterUri.Parse(string.Create(CultureInfo.InvariantCulture, $"snmp://{community}@127.0.0.1:{agent.Port}?model={model}{options}")), "pdu", Shipped.Environment, Token);
}
