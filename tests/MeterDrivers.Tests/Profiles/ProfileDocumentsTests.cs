using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;
using MeterLab.MeterDrivers.Profiles;
using MeterLab.TestKit;

namespace MeterLab.MeterDrivers.Tests.Profiles;

/// <summary>What firmware-configs tells people and editors is what the reader does.</summary>
public sealed partial class ProfileDocumentsTests
{
    private static readonly string Readme = File.ReadAllText(RepositoryFiles.Path("firmware-configs", "README.md"));

    [Fact]
    public void The_example_in_the_readme_is_a_profile()
    {
        var example = Example().Match(Readme).Groups[1].Value;

        var profile = ProfileLoader.Parse(example, "README.md");

        Assert.Equal("acme-pm1", profile.Facts.Model);
        Assert.Equal(3, profile.Registers.Fields.Count);
    }

    [Fact]
    public void The_readme_lists_every_model_with_its_mark_and_accuracy()
    {
        var profiles = new ProfileLibrary(RepositoryFiles.Path("firmware-configs", "meters")).All()
            .Where(profile => profile.Facts.Transports.Any(transport => transport.StartsWith("modbus", StringComparison.Ordinal)));

        Assert.All(profiles, profile =>
        {
            var row = Assert.Single(Readme.Split('\n'), line => line.StartsWith($"| {profile.Facts.Model} |", StringComparison.Ordinal)).Split('|', StringSplitOptions.TrimEntries);
            var accuracy = profile.Facts.Accuracy.GetValueOrDefault(Quantity.ActivePower);
            Assert.Equal(profile.Facts.FactsMark.ToString(CultureInfo.InvariantCulture), row[4]);
            Assert.Equal(accuracy is null ? "unknown" : string.Create(CultureInfo.InvariantCulture, $"{accuracy.ReadingPercent}%"), row[5]);
        });
    }

    [Fact]
    public void The_schema_knows_every_quantity() => Assert.Equal(
        QuantityNames.Names,
        Schema().GetProperty("$defs").GetProperty("quantity").GetProperty("enum").EnumerateArray().Select(name => name.GetString()!));

    [Theory]
    [InlineData("", "properties")]
    [InlineData("modbus", "properties", "modbus", "properties")]
    [InlineData("response", "properties", "response", "properties")]
    [InlineData("transports", "properties", "transports", "properties")]
    public void The_schema_has_the_keys_of_the_reader(string section, params string[] path)
    {
        // An unknown key makes the reader list those it knows.
        var text = Example().Match(Readme).Groups[1].Value;
        text = section.Length == 0 ? text + "\nqqqqqqqqqqqqqqqq: 1" : text.Replace($"\n{section}:", $"\n{section}:\n  qqqqqqqqqqqqqqqq: 1", StringComparison.Ordinal);

        Assert.Equal(KeysOfReader(text), KeysOfSchema(path));
    }

    [Theory]
    [InlineData("- { channel: total, quantity: voltage, address", "$defs/row")]
    [InlineData("serial-number: { table", "$defs/identity-register")]
    [InlineData("  - { table: holding, address: 0xFC02", "$defs/check")]
    [InlineData("  - { table: holding, address: 0x1103", "$defs/check")]
    [InlineData("- { text: One", "properties/caveats/items")]
    [InlineData("active-power: { reading", "properties/accuracy/additionalProperties")]
    [InlineData("minimum-load: { current", "properties/minimum-load")]
    [InlineData("modbus-rtu: { baud", "properties/transports/properties/modbus-rtu")]
    [InlineData("modbus-tcp: { port", "$defs/network")]
    [InlineData("probe: { channel", "properties/modbus/properties/probe")]
    public void The_schema_has_the_keys_of_each_part(string place, string path)
    {
        var text = Example().Match(Readme).Groups[1].Value;
        Assert.Contains(place, text, StringComparison.Ordinal);
        var broken = text.Replace(place, place.Insert(place.IndexOf('{', StringComparison.Ordinal) + 1, " qqqqqqqqqqqqqqqq: 1,"), StringComparison.Ordinal);

        Assert.Equal(KeysOfReader(broken), KeysOfSchema([.. path.Split('/'), "properties"]));
    }

    private static IEnumerable<string> KeysOfReader(string text)
    {
        var error = Assert.Throws<ConfigurationException>(() => ProfileLoader.Parse(text, "x.yaml"));
        return error.Message[(error.Message.IndexOf("known here: ", StringComparison.Ordinal) + 12)..].Split(", ").Order();
    }

    private static IEnumerable<string> KeysOfSchema(string[] path)
    {
        var schema = Schema();
        foreach (var step in path)
            schema = schema.GetProperty(step);
        return schema.EnumerateObject().Select(property => property.Name).Order();
    }

    [Theory]
    [InlineData("apc-rpdu2", "snmp")]
    [InlineData("shelly-gen2", "http")]
    [InlineData("yokogawa-wt310e", "scpi")]
    public void The_schema_has_the_keys_of_every_section_and_of_its_rows(string model, string section)
    {
        var text = File.ReadAllText(RepositoryFiles.Path("firmware-configs", "meters", model + ".yaml"));
        var properties = Schema().GetProperty("properties").GetProperty(section).GetProperty("properties");
        var rows = properties.GetProperty("fields").GetProperty("items").GetProperty("properties");

        Assert.Equal(Known(text.Replace($"\n{section}:", $"\n{section}:\n  qqqqqqqqqqqqqqqq: 1", StringComparison.Ordinal)), Names(properties));
        Assert.Equal(Known(text.Replace("- { channel:", "- { qqqqqqqqqqqqqqqq: 1, channel:", StringComparison.Ordinal)), Names(rows));

        static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name).Order();

        static IEnumerable<string> Known(string profile)
        {
            var error = Assert.Throws<ConfigurationException>(() => ProfileLoader.Parse(profile, "x.yaml"));
            return error.Message[(error.Message.IndexOf("known here: ", StringComparison.Ordinal) + 12)..].Split(", ").Order();
        }
    }

    private static JsonElement Schema() =>
        JsonDocument.Parse(File.ReadAllText(RepositoryFiles.Path("firmware-configs", "schema", "meter-profile.schema.json"))).RootElement;

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
