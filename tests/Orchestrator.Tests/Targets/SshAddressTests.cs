using MeterLab.Measurement;
using MeterLab.Orchestrator.Targets;

namespace MeterLab.Orchestrator.Tests.Targets;

public sealed class SshAddressTests
{
    [Theory]
    [InlineData("lab@10.0.0.31:22", "lab", "10.0.0.31", 22)]
    [InlineData("box", null, "box", null)]
    [InlineData("a@b@box", "a@b", "box", null)]
    [InlineData("lab@[fe80::1]:2222", "lab", "fe80::1", 2222)]
    [InlineData("fe80::1", null, "fe80::1", null)]
    public void An_address_is_read(string text, string? user, string host, int? port) =>
        Assert.Equal(new SshAddress(user, host, port), SshAddress.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("@box")]
    [InlineData("lab@")]
    [InlineData("box:0")]
    [InlineData("box:65536")]
    [InlineData("box:")]
    [InlineData("[::1")]
    [InlineData("[::1]x")]
    [InlineData("two words")]
    [InlineData("-oProxyCommand=x")]
    public void What_is_no_address_is_refused(string text) => Assert.Throws<FormatException>(() => SshAddress.Parse(text));

    [Fact]
    public void The_first_value_of_the_ssh_configuration_wins_and_identities_add_up()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, """
            # defaults are at the end
            Host bench*  !bench9
              HostName %h.lab
              Port = 2200
              IdentityFile "/keys/with space"
            Match user nobody
              Port 1
            host *
              User everyone
              Port 22
              IdentityFile /keys/last
            """);
        try
        {
            var bench = SshConfigFile.Load(path, "bench1");
            Assert.Equal(("bench1.lab", 2200, "everyone"), (bench.HostName, bench.Port!.Value, bench.User));
            Assert.Equal(["/keys/with space", "/keys/last"], bench.IdentityFiles);
            Assert.Equal(22, SshConfigFile.Load(path, "bench9").Port);

            File.WriteAllText(path, "Port many\n");
            var failure = Assert.Throws<ConfigurationException>(() => SshConfigFile.Load(path, "x"));
            Assert.Contains("many", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
