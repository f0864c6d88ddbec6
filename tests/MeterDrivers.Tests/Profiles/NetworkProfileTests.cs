using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;
using MeterLab.MeterDrivers.Profiles;
using MeterLab.TestKit;

namespace MeterLab.MeterDrivers.Tests.Profiles;

/// <summary>Profiles of meters that do not speak Modbus.</summary>
public sealed class NetworkProfileTests
{
    private const string Head = """
        model: acme-2
        vendor: Acme
        description: a meter
        source: its manual
        facts-mark: 1
        response: { update-period: 1s }

        """;

    private const string Snmp = Head + """
        transports: { snmp: { port: 161 } }
        snmp:
          fields:
            - { channel: "outlet-{n}", repeat: [1, 8], quantity: active-power, oid: "1.3.6.1.4.1.99999.1.{u}.{n}", unit: W }
        """;

    private const string Http = Head + """
        transports: { http: { port: 80 } }
        http:
          fields:
            - { channel: total, quantity: energy-import, get: /status, path: "a.b[0].c", unit: kWh, expect: { id: "0" } }
        """;

    private const string Scpi = Head + """
        transports: { scpi: { port: 5025 } }
        scpi:
          models: [PA1]
          values: "VAL?"
          list: { names: "LIST?" }
          fields:
            - { channel: total, quantity: active-power, items: [P], unit: W }
        """;

    private static readonly ProfileLibrary Library = new(RepositoryFiles.Path("firmware-configs", "meters"));

    public static TheoryData<string> Models => [.. Library.All().Where(profile => profile.Registers.Fields.Count == 0).Select(profile => profile.Facts.Model)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_shipped_profile_loads_and_measures_power(string model)
    {
        var profile = Library.Find(model);

        Assert.Contains(Quantity.ActivePower, profile.Facts.Quantities);
        Assert.True(profile.Snmp is not null || profile.Http is not null || profile.Scpi is not null);
        Assert.InRange(profile.Facts.FactsMark, 0, 2);
        // What nobody states must not be stated by us: only a mark of 1 or 2 claims a source for the accuracy.
        Assert.True(profile.Facts.FactsMark == 0 || profile.Facts.Accuracy.ContainsKey(Quantity.ActivePower));
    }

    [Fact]
    public void Places_of_a_row_are_filled_in() => Assert.Equal("1.3.7.6.4", ValueField.Fill("1.3.{n}.{n-1}.{u}", 7, 4));

    [Theory]
    [InlineData(Snmp, "unit: W", "unit: kWh", "'kWh' is not a unit of active-power")]
    [InlineData(Snmp, "oid: \"1.3.6.1.4.1.99999.1.{u}.{n}\"", "oid: \"1.3.six.{n}\"", "is no object")]
    [InlineData(Snmp, "oid: \"1.3.6.1.4.1.99999.1.{u}.{n}\"", "oid: 1.3.6.1.4.1.99999.1", "differ by {n}")]
    [InlineData(Snmp, "channel: \"outlet-{n}\"", "channel: outlet", "holds {n}")]
    [InlineData(Snmp, "repeat: [1, 8]", "repeat: [8, 1]", "first number stands first")]
    [InlineData(Snmp, "repeat: [1, 8]", "repeat: [1, 1000]", "at most 128")]
    [InlineData(Snmp, "oid:", "iod:", "did you mean 'oid'?")]
    [InlineData(Snmp, "snmp: { port: 161 }", "http: {}", "needs the section 'http'")]
    [InlineData(Http, "get: /status", "get: //elsewhere/status", "is no path on the device")]
    [InlineData(Http, "get: /status", "get: http://elsewhere/", "is no path on the device")]
    [InlineData(Http, "path: \"a.b[0].c\"", "path: \"a..c\"", "is no place in JSON")]
    [InlineData(Http, "path: \"a.b[0].c\"", "path: \"a[x]\"", "is no place in JSON")]
    [InlineData(Http, "expect: { id: \"0\" }", "expect: { id: \"0\", x: 1 }", "one place in the answer")]
    [InlineData(Scpi, "values: \"VAL?\"", "values: \"VAL?\\n*RST\"", "one line of plain ASCII")]
    [InlineData(Scpi, "list: { names: \"LIST?\" }", "list: {}", "how the order of the values is known")]
    [InlineData(Scpi, "list: { names: \"LIST?\" }", "list: { count: \"N?\" }", "go together")]
    [InlineData(Scpi, "models: [PA1]", "model: [PA1]", "did you mean 'models'?")]
    public void A_mistake_is_told_with_what_would_be_right(string profile, string right, string wrong, string hint)
    {
        Assert.NotNull(ProfileLoader.Parse(profile, "acme.yaml"));
        Assert.Contains(right, profile, StringComparison.Ordinal);

        var failure = Assert.Throws<ConfigurationException>(() => ProfileLoader.Parse(profile.Replace(right, wrong, StringComparison.Ordinal), "acme.yaml"));

        Assert.StartsWith("acme.yaml:", failure.Message, StringComparison.Ordinal);
        Assert.Contains(hint, failure.Message, StringComparison.Ordinal);
    }
}
