using System.Globalization;
using System.IO.Enumeration;

using MeterLab.Measurement;

namespace MeterLab.Orchestrator.Targets;

/// <summary>
/// What <c>~/.ssh/config</c> says of a host: HostName, Port, User, IdentityFile, ProxyJump, HostKeyAlias. As in ssh_config(5) the first
/// value wins and identities add up. Match blocks other than <c>Match all</c>, and Include, are not honoured.
/// </summary>
public sealed record SshConfigFile
{
    /// <summary>The real name or address.</summary>
    public string? HostName { get; private init; }

    /// <summary>The port.</summary>
    public int? Port { get; private init; }

    /// <summary>The account.</summary>
    public string? User { get; private init; }

    /// <summary>Private key files, in order.</summary>
    public IReadOnlyList<string> IdentityFiles { get; private init; } = [];

    /// <summary>The hosts to go through, nearest first; empty for none.</summary>
    public IReadOnlyList<SshAddress> ProxyJump { get; private init; } = [];

    /// <summary>The name under which known hosts know it.</summary>
    public string? HostKeyAlias { get; private init; }

    /// <summary>Reads what a file says of a host; nothing where there is no such file. Throws <see cref="ConfigurationException"/> for a bad value.</summary>
    public static SshConfigFile Load(string path, string host)
    {
        if (!File.Exists(path))
            return new SshConfigFile();
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var identities = new List<string>();
        var applies = true;
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (Split(line) is not ({ } key, { } value))
                continue;
            if (key.Equals("Host", StringComparison.OrdinalIgnoreCase))
                applies = Matches(value, host);
            else if (key.Equals("Match", StringComparison.OrdinalIgnoreCase))
                applies = value.Equals("all", StringComparison.OrdinalIgnoreCase);
            else if (applies && key.Equals("IdentityFile", StringComparison.OrdinalIgnoreCase))
                identities.Add(Expand(value));
            else if (applies && key.Equals("Port", StringComparison.OrdinalIgnoreCase) && !IsPort(value))
                throw new ConfigurationException($"'{value}' is not a port", path, number);
            else if (applies)
                values.TryAdd(key, value);
        }

        return Build(values, identities, host);
    }

    /// <summary>A path with <c>~</c> resolved.</summary>
    public static string Expand(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return path == "~" ? home
            : path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(home, path[2..])
            : path.Replace("%d", home, StringComparison.Ordinal);
    }

    private static SshConfigFile Build(Dictionary<string, string> values, List<string> identities, string host)
    {
        var jump = values.GetValueOrDefault("ProxyJump", "none");
        return new SshConfigFile
        {
            HostName = values.GetValueOrDefault("HostName")?.Replace("%h", host, StringComparison.Ordinal),
            Port = values.TryGetValue("Port", out var port) ? int.Parse(port, CultureInfo.InvariantCulture) : null,
            User = values.GetValueOrDefault("User"),
            IdentityFiles = [.. identities.Where(file => !file.Equals("none", StringComparison.OrdinalIgnoreCase))],
            HostKeyAlias = values.GetValueOrDefault("HostKeyAlias"),
            ProxyJump = jump.Equals("none", StringComparison.OrdinalIgnoreCase)
                ? []
                : [.. jump.Split(',', StringSplitOptions.TrimEntries).Select(SshAddress.Parse)],
        };
    }

    private static (string? Key, string? Value) Split(string line)
    {
        line = line.Trim();
        if (line.Length == 0 || line[0] == '#')
            return default;
        var end = line.AsSpan().IndexOfAny(" \t=");
        if (end < 0)
            return default;
        var value = line[end..].TrimStart(' ', '\t', '=').Trim();
        return (line[..end], value.Length > 1 && value[0] == '"' && value[^1] == '"' ? value[1..^1] : value);
    }

    // A negated pattern that matches makes the whole line not match.
    private static bool Matches(string patterns, string host)
    {
        var matched = false;
        foreach (var pattern in patterns.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            var negated = pattern[0] == '!';
            if (!FileSystemName.MatchesSimpleExpression(negated ? pattern[1..] : pattern, host))
                continue;
            if (negated)
                return false;
            matched = true;
        }

        return matched;
    }

    private static bool IsPort(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536;
}
