using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Profiles;
using MeterLab.TestKit;

namespace MeterLab.MeterDrivers.Tests.Profiles;

public sealed class ProfileLoaderTests
{
    private const string Good = """
        model: acme-1
        vendor: Acme
        description: a meter
        source: its manual
        facts-mark: 2
        transports: { modbus-tcp: { port: 502 } }
        accuracy:
          active-power: { reading: 0.5%, range: 0.1%, full-scale: 3kW, absolute: 200mW }
        resolution: { active-power: 10mW }
        response: { update-period: 500ms, averaging: 1s, delay: 100ms }
        modbus:
          table: holding
          type: s32
          word-order: CDAB
          registers:
            - { channel: total, quantity: active-power, address: 0x10, unit: W, scale: 0.1, not-available: [0x80000000] }
            - { channel: total, quantity: energy-import, address: 18, unit: kWh, type: u64, wrap: 1000000kWh }
        """;

    [Fact]
    public void A_profile_becomes_facts_and_registers()
    {
        var profile = ProfileLoader.Parse(Good, "acme.yaml");

        var accuracy = profile.Facts.Accuracy[Quantity.ActivePower];
        Assert.Equal(0.5, accuracy.ReadingPercent);
        Assert.Equal(3000 * 0.001 + 0.2, accuracy.OffsetLimit, 1e-12);
        Assert.Equal((0.5, 1.0, 0.1), (profile.Facts.Response.UpdatePeriodSeconds, profile.Facts.Response.AveragingSeconds, profile.Facts.Response.DelaySeconds));
        var power = profile.Registers.Fields[0];
        Assert.Equal(new RegisterEncoding(RegisterType.S32, WordOrder.Cdab), power.Encoding);
        Assert.Equal(0.1, power.SiPerCount);
        Assert.Equal([(int.MinValue, int.MinValue)], power.NotAvailable);
        var energy = profile.Registers.Fields[1];
        Assert.Equal(3.6e6, energy.SiPerCount);
        Assert.Equal(3.6e12, energy.Wrap);
        Assert.Equal(22, energy.End);
    }

    [Theory]
    [InlineData("unit: W,", "unt: W,", "acme.yaml:16", "did you mean 'unit'?")]
    [InlineData("vendor: Acme", "vendr: Acme", "acme.yaml:2", "did you mean 'vendor'?")]
    [InlineData("quantity: active-power, ", "quantity: activepower, ", "acme.yaml:16", "did you mean 'active-power'?")]
    [InlineData("unit: kWh", "unit: kW", "acme.yaml:17", "'kW' is not a unit of energy-import")]
    [InlineData("update-period: 500ms", "update-period: 500", "acme.yaml:10", "has no unit")]
    [InlineData("active-power: 10mW", "active-power: 10", "acme.yaml:9", "not a number with a unit")]
    [InlineData("type: s32", "type: i32", "acme.yaml:13", "not known here")]
    [InlineData("address: 0x10", "address: 70000", "acme.yaml:16", "out of range")]
    [InlineData("facts-mark: 2", "facts-mark: 3", "acme.yaml:5", "0 to 2 is right")]
    [InlineData("full-scale: 3kW, ", "", "acme.yaml:8", "go together")]
    [InlineData("quantity: energy-import, address: 18, unit: kWh, type: u64, wrap: 1000000kWh", "quantity: active-power, address: 18, unit: W", "acme.yaml:17", "described already")]
    [InlineData("resolution: { active-power: 10mW }", "resolution: { voltage: 1V }", "acme.yaml:9", "no register holds voltage")]
    [InlineData("modbus-tcp: { port: 502 }", "modbus-udp: {}", "acme.yaml:6", "did you mean 'modbus-tcp'?")]
    public void A_mistake_is_told_with_its_place_and_what_would_be_right(string right, string wrong, string place, string hint)
    {
        Assert.Contains(right, Good, StringComparison.Ordinal);
        var text = Good.Replace(right, wrong, StringComparison.Ordinal);

        var error = Assert.Throws<ConfigurationException>(() => ProfileLoader.Parse(text, "acme.yaml"));

        Assert.StartsWith(place + ":", error.Message, StringComparison.Ordinal);
        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("quantity: active-power, address: 0x10, unit: W", "quantity: active-power, address: 0x10, unit: W, base: inlt", "no base is called")]
    [InlineData("quantity: active-power, address: 0x10, unit: W", "quantity: active-power, address: 0x10, unit: W, times: 3", "'stride' is missing")]
    [InlineData("quantity: active-power, address: 0x10, unit: W", "quantity: active-power, address: 0x10, unit: W, minus: 4, scale-register: 5", "do not go together")]
    [InlineData("quantity: active-power, address: 0x10, unit: W", "quantity: active-power, address: 0x10, type: f32, minus: 4, unit: W", "not with f32")]
    [InlineData("quantity: active-power, address: 0x10, unit: W", "quantity: active-power, address: 0x10, quadrants: true, unit: W", "a power factor in an f32")]
    [InlineData("not-available: [0x80000000]", "not-available: [[5, 1]]", "lower end must stand first")]
    [InlineData("word-order: CDAB", "forbidden: [[0x10, 0x20]]", "forbidden to requests")]
    [InlineData("word-order: CDAB", "readable: [[0x20, 0x10]]", "out of range")]
    [InlineData("word-order: CDAB", "in-flight: 17", "1 to 16 is right")]
    [InlineData("word-order: CDAB", "identity: [{ address: 1, right: [], meaning: x }]", "lists at least one value")]
    [InlineData("word-order: CDAB", "settings: [{ address: 1, right: [1] }]", "'meaning' is missing")]
    [InlineData("word-order: CDAB", "serial-number: { address: 65530, text: 8 }", "out of range")]
    [InlineData("word-order: CDAB", "sunspec: { model: 203, bases: [] }", "where the chain may begin")]
    [InlineData("word-order: CDAB", "facts-mark: 3", "0 to 2 is right")]
    [InlineData("facts-mark: 2", "facts-mark: 2\ncaveats: [{ text: hm }]", "'source' is missing")]
    public void A_rule_that_makes_no_sense_is_a_mistake(string right, string wrong, string hint)
    {
        Assert.Contains(right, Good, StringComparison.Ordinal);

        var error = Assert.Throws<ConfigurationException>(() => ProfileLoader.Parse(Good.Replace(right, wrong, StringComparison.Ordinal), "acme.yaml"));

        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_series_becomes_its_members_and_codes_of_a_type_hold_for_its_rows()
    {
        var text = Good.Replace("word-order: CDAB", "word-order: CDAB\n  not-available: { u64: [0xFFFFFFFFFFFFFFFF, [1, 3]] }", StringComparison.Ordinal)
            .Replace("channel: total, quantity: active-power, address: 0x10", "channel: outlet, times: 3, stride: 0x20, quantity: active-power, address: 0x10", StringComparison.Ordinal);

        var fields = ProfileLoader.Parse(text, "acme.yaml").Registers.Fields;

        Assert.Equal([("outlet-1", 0x10), ("outlet-2", 0x30), ("outlet-3", 0x50), ("total", 18)], fields.Select(field => (field.Channel, (int)field.Address)));
        Assert.Equal([(-1L, -1L), (1L, 3L)], fields[3].NotAvailable);
        Assert.Equal(SampleFlags.NotAvailable, fields[3].FlagsOf(2));
        Assert.Equal(SampleFlags.None, fields[3].FlagsOf(4));
    }

    [Fact]
    public void A_value_at_an_address_that_the_meter_refuses_is_a_mistake_of_the_profile()
    {
        var text = Good.Replace("  word-order: CDAB", "  word-order: CDAB\n  alignment: 2", StringComparison.Ordinal)
            .Replace("address: 18", "address: 19", StringComparison.Ordinal);

        var error = Assert.Throws<ConfigurationException>(() => ProfileLoader.Parse(text, "acme.yaml"));

        Assert.Contains("multiples of 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_model_is_told_with_the_nearest_one_and_a_path_is_taken_as_it_is()
    {
        var folder = Directory.CreateTempSubdirectory("meterlab-profiles-");
        try
        {
            var path = Path.Combine(folder.FullName, "mine.yaml");
            File.WriteAllText(path, Good);
            var library = new ProfileLibrary(RepositoryFiles.Path("firmware-configs", "meters"));

            Assert.Equal("acme-1", library.Find(path).Facts.Model);
            var error = Assert.Throws<ConfigurationException>(() => library.Find("eastron-smd630"));
            Assert.Contains("did you mean 'eastron-sdm630'?", error.Message, StringComparison.Ordinal);
            Assert.Throws<ConfigurationException>(() => library.Find("../meters/eastron-sdm630"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_file_whose_name_is_not_its_model_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory("meterlab-profiles-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "acme-2.yaml"), Good);

            var error = Assert.Throws<ConfigurationException>(() => new ProfileLibrary(folder.FullName).Find("acme-2"));

            Assert.Contains("they must agree", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
