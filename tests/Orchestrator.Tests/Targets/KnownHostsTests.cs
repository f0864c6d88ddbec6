using System.Text;

using MeterLab.Orchestrator.Targets;

namespace MeterLab.Orchestrator.Tests.Targets;

public sealed class KnownHostsTests : IDisposable
{
    // Public key blobs: length, type, length, 32 bytes.
    private static readonly byte[] Key = Blob(1);
    private static readonly byte[] Other = Blob(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("meterlab-known-");

    private string File => Path.Combine(_folder.FullName, "known_hosts");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("box", 22, HostKeyVerdict.Known)]
    [InlineData("BOX", 22, HostKeyVerdict.Known)]
    [InlineData("10.0.0.1", 22, HostKeyVerdict.Known)]
    [InlineData("box", 2222, HostKeyVerdict.Unknown)]
    [InlineData("odd", 2222, HostKeyVerdict.Known)]
    [InlineData("odd", 22, HostKeyVerdict.Unknown)]
    [InlineData("a.lab", 22, HostKeyVerdict.Known)]
    [InlineData("bad.lab", 22, HostKeyVerdict.Unknown)]
    [InlineData("boxer", 22, HostKeyVerdict.Unknown)]
    [InlineData("changed", 22, HostKeyVerdict.Changed)]
    [InlineData("ca.example", 22, HostKeyVerdict.Unknown)]
    [InlineData("two", 22, HostKeyVerdict.Known)]
    [InlineData("hidden", 22, HostKeyVerdict.Known)]
    [InlineData("hidden", 23, HostKeyVerdict.Unknown)]
    public void A_host_is_judged_by_its_lines(string host, int port, HostKeyVerdict expected)
    {
        // HMAC-SHA1 of "hidden" with the salt 00 01 … 13, worked out by Python's hmac.
        const string Hidden = "|1|AAECAwQFBgcICQoLDA0ODxAREhM=|jCkOYmvfTqe3fYvQprKBa/oV1NE=";
        Write(
            "# comment", "", $"box,10.0.0.1 ssh-ed25519 {Text(Key)} someone", $"[odd]:2222 ssh-ed25519 {Text(Key)}",
            $"*.lab,!bad.lab ssh-ed25519 {Text(Key)}", $"changed ssh-ed25519 {Text(Other)}", $"@cert-authority *.example ssh-ed25519 {Text(Key)}",
            $"two ssh-ed25519 {Text(Other)}", $"two ssh-ed25519 {Text(Key)}",
            $"{Hidden} ssh-ed25519 {Text(Key)}", "damaged line");

        Assert.Equal(expected, new KnownHosts(File).Check(host, port, Key));
    }

    [Fact]
    public void A_revoked_key_stays_revoked_whatever_else_is_written()
    {
        Write($"box ssh-ed25519 {Text(Key)}", $"@revoked * ssh-ed25519 {Text(Key)}");

        Assert.Equal(HostKeyVerdict.Revoked, new KnownHosts(File).Check("box", 22, Key));
        Assert.Equal(HostKeyVerdict.Changed, new KnownHosts(File).Check("box", 22, Other));
    }

    [Fact]
    public void A_new_host_goes_to_the_end_even_where_the_last_line_is_unfinished()
    {
        System.IO.File.WriteAllText(File, $"box ssh-ed25519 {Text(Other)}");
        var known = new KnownHosts(File);

        known.Add("new", 2222, Key);

        Assert.Equal(HostKeyVerdict.Known, known.Check("new", 2222, Key));
        Assert.Equal(HostKeyVerdict.Known, known.Check("box", 22, Other));
        Assert.Equal(["ssh-ed25519"], known.TypesOf("new", 2222));
    }

    [Fact]
    public void No_file_knows_nothing() => Assert.Equal(HostKeyVerdict.Unknown, new KnownHosts(File).Check("box", 22, Key));

    [Fact]
    public void A_blob_that_is_no_key_is_refused() => Assert.Throws<FormatException>(() => KnownHosts.TypeOf([0, 0, 0, 200, 1]));

    private void Write(params string[] lines) => System.IO.File.WriteAllLines(File, lines);

    private static string Text(byte[] key) => Convert.ToBase64String(key);

    private static byte[] Blob(byte fill) =>
        [0, 0, 0, 11, .. Encoding.ASCII.GetBytes("ssh-ed25519"), 0, 0, 0, 32, .. Enumerable.Repeat(fill, 32)];
}
