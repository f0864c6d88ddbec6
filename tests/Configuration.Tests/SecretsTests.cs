using MeterLab.Configuration;
using MeterLab.Measurement;

namespace MeterLab.Configuration.Tests;

public sealed class SecretsTests
{
    [Fact]
    public void A_plain_secret_is_itself() => Assert.Equal("public", Secrets.Resolve("public"));

    [Fact]
    public void A_named_variable_is_read_when_the_secret_is_used()
    {
        var name = $"METERLAB_TEST_{Guid.NewGuid():N}";

        var error = Assert.Throws<ConfigurationException>(() => Secrets.Resolve("env:" + name));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);

        Environment.SetEnvironmentVariable(name, "hunter2");
        Assert.Equal("hunter2", Secrets.Resolve("env:" + name));
    }

    [Theory]
    [InlineData("uri: snmp://hunter2@10.0.0.9:161?model=apc", "uri: snmp://***@10.0.0.9:161?model=apc")]
    [InlineData("uri: \"http://lab:hunter2@plug\"", "uri: \"http://***@plug\"")]
    [InlineData("http://a@hunter2@plug/x", "http://***@plug/x")]
    [InlineData("http://plug?model=shelly-gen2&password=hunter2&x=1", "http://plug?model=shelly-gen2&password=***&x=1")]
    [InlineData("http://lab:hun#ter?2@plug", "http://***@plug")]
    [InlineData("http://plug?Password=hun#ter2", "http://plug?Password=***")]
    [InlineData("hwmon://ina226@1-40", "hwmon://ina226@1-40")]
    [InlineData("ssh: lab@10.0.0.31:22", "ssh: lab@10.0.0.31:22")]
    public void What_is_kept_of_a_file_shows_no_secret(string text, string redacted) => Assert.Equal(redacted, Secrets.Redact(text));
}
