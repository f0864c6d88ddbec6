using System.Buffers.Binary;
using System.Globalization;
using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Text;

namespace MeterLab.Orchestrator.Targets;

/// <summary>What a known hosts file says of a key.</summary>
public enum HostKeyVerdict
{
    /// <summary>this very key is written down for this host</summary>
    Known,

    /// <summary>nothing is written down for this host</summary>
    Unknown,

    /// <summary>another key is written down for this host</summary>
    Changed,

    /// <summary>this key is marked as revoked</summary>
    Revoked,
}

/// <summary>
/// An OpenSSH known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT): plain, wildcard and hashed names, <c>[host]:port</c>, and the marker
/// <c>@revoked</c>. Lines of <c>@cert-authority</c> make no key known, because host certificates are not used.
/// </summary>
public sealed class KnownHosts(string path)
{
    private const int DefaultPort = 22;

    /// <summary>Where the file is.</summary>
    public string Path { get; } = path;

    /// <summary>Judges a host's key, given as its public key blob (RFC 4253, section 6.6).</summary>
    public HostKeyVerdict Check(string host, int port, ReadOnlySpan<byte> key)
    {
        var name = NameOf(host, port);
        var encoded = Convert.ToBase64String(key);
        var verdict = HostKeyVerdict.Unknown;
        foreach (var entry in Entries())
        {
            var same = entry.Key == encoded;
            if (entry.Marker == "@revoked" && same && Matches(entry.Hosts, name))
                return HostKeyVerdict.Revoked;
            if (entry.Marker.Length > 0 || verdict == HostKeyVerdict.Known || !Matches(entry.Hosts, name))
                continue;
            verdict = same ? HostKeyVerdict.Known : HostKeyVerdict.Changed;
        }

        return verdict;
    }

    /// <summary>The key types written down for a host; a server with several keys is asked for one of these.</summary>
    public IReadOnlyList<string> TypesOf(string host, int port)
    {
        var name = NameOf(host, port);
        return [.. Entries().Where(entry => entry.Marker.Length == 0 && Matches(entry.Hosts, name)).Select(entry => entry.Type).Distinct()];
    }

    /// <summary>Writes a new host's key down, at the end of the file.</summary>
    public void Add(string host, int port, ReadOnlySpan<byte> key)
    {
        var line = $"{NameOf(host, port)} {TypeOf(key)} {Convert.ToBase64String(key)}\n";
        var full = System.IO.Path.GetFullPath(Path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
        var separator = File.Exists(full) && File.ReadAllText(full) is { Length: > 0 } text && !text.EndsWith('\n') ? "\n" : "";
        File.AppendAllText(full, separator + line);
    }

    /// <summary>The type that stands in a public key blob, for instance <c>ssh-ed25519</c>.</summary>
    public static string TypeOf(ReadOnlySpan<byte> key)
    {
        if (key.Length < 4 || BinaryPrimitives.ReadUInt32BigEndian(key) is var length && length > key.Length - 4)
            throw new FormatException("this is not a public key");
        return Encoding.ASCII.GetString(key.Slice(4, (int)length));
    }

    /// <summary>The fingerprint as ssh-keygen prints it: <c>SHA256:…</c></summary>
    public static string Fingerprint(ReadOnlySpan<byte> key) => "SHA256:" + Convert.ToBase64String(SHA256.HashData(key)).TrimEnd('=');

    private static string NameOf(string host, int port)
    {
        var lower = host.ToLowerInvariant();
        return port == DefaultPort ? lower : string.Create(CultureInfo.InvariantCulture, $"[{lower}]:{port}");
    }

    private IEnumerable<Entry> Entries()
    {
        if (!File.Exists(Path))
            yield break;
        foreach (var line in File.ReadLines(Path))
        {
            var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || words[0][0] == '#')
                continue;
            var marker = words[0][0] == '@' ? words[0] : "";
            var rest = marker.Length > 0 ? words[1..] : words;
            if (rest.Length >= 3)
                yield return new Entry(marker, rest[0], rest[1], rest[2]);
        }
    }

    private static bool Matches(string hosts, string name)
    {
        if (hosts.StartsWith("|1|", StringComparison.Ordinal))
            return MatchesHash(hosts, name);
        var matched = false;
        foreach (var pattern in hosts.Split(','))
        {
            var negated = pattern.StartsWith('!');
            if (!Like(negated ? pattern[1..] : pattern, name))
                continue;
            if (negated)
                return false;
            matched = true;
        }

        return matched;
    }

    private static bool Like(string pattern, string name)
    {
        // A backslash would be an escape to the matcher and is none in this file.
        if (pattern.Contains('\\', StringComparison.Ordinal))
            return false;
        return FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: true);
    }

    private static bool MatchesHash(string hosts, string name)
    {
        var parts = hosts.Split('|');
        if (parts.Length != 4)
            return false;
        Span<byte> salt = stackalloc byte[64];
        Span<byte> hash = stackalloc byte[64];
        if (!Convert.TryFromBase64String(parts[2], salt, out var saltLength) || !Convert.TryFromBase64String(parts[3], hash, out var hashLength))
            return false;
        // The file format is defined with SHA-1; it hides names here and secures nothing.
#pragma warning disable CA5350
        var expected = HMACSHA1.HashData(salt[..saltLength], Encoding.UTF8.GetBytes(name));
#pragma warning restore CA5350
        return hash[..hashLength].SequenceEqual(expected);
    }

    private readonly record struct Entry(string Marker, string Hosts, string Type, string Key);
}
