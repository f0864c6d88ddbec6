namespace MeterLab.Storage.Tests;

public class SecretGuardTests
{
    [Theory]
    [InlineData("uri: http://admin:hunter2@10.0.0.9?model=shelly-gen2")]
    [InlineData("uri: \"snmp://hunter2@pdu1?model=apc-rpdu2\"")]
    [InlineData("store: POSTGRES://lab:hunter2@db/lab")]
    [InlineData("http://10.0.0.9?model=x&password=hunter2")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2")]
    public void A_password_is_refused_and_not_repeated(string text)
    {
        var refusal = Assert.Throws<StoreException>(() => SecretGuard.Check(text, "The rig file"));
        Assert.Equal(StoreFailure.Secret, refusal.Failure);
        Assert.StartsWith("The rig file holds", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("ssh: lab@10.0.0.31:22")]
    [InlineData("http://***@10.0.0.9?model=shelly-gen2&password=***")]
    [InlineData("snmp://env:COMMUNITY@pdu1")]
    [InlineData("uri: \"modbus-tcp://10.0.0.20:502/1?model=eastron-sdm230\"\nmail: lab@example.org")]
    [InlineData("hwmon://ina226@1-0040")]
    [InlineData("identity: ~/.ssh/id_ed25519")]
    public void What_holds_no_secret_passes(string? text) => SecretGuard.Check(text, "The rig file");

    [Fact]
    public void The_store_refuses_a_rig_file_with_a_password()
    {
        using var folder = new StoreFolder();
        using var store = folder.Open();
        var campaign = StoreFolder.NewCampaign("c", "c") with { RigText = "uri: http://admin:hunter2@plug" };
        Assert.Throws<StoreException>(() => store.Campaigns.Add(campaign));
        Assert.Empty(store.Campaigns.List());
    }
}
