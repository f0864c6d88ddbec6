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
        var error = Assert.Throws<ConfigurationException>(() => ProfileLoader.Parse(text, "x.yaml"));
        var known = error.Message[(error.Message.IndexOf("known here: ", StringComparison.Ordinal) + 12)..].Split(", ");

        var schema = Schema();
        foreach (var step in path)
            schema = schema.GetProperty(step);

        Assert.Equal(known.Order(), schema.EnumerateObject().Select(property => property.Name).Order());
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
