using System.Globalization;

namespace MeterLab.Orchestrator.Targets;

/// <summary>Where an account is: <c>user@host:port</c>, of which only the host must be there. IPv6 stands in brackets.</summary>
/// <param name="User">null leaves it to the ssh configuration, and then to the name of whoever runs this.</param>
/// <param name="Host">A name, an address, or a Host of the ssh configuration.</param>
/// <param name="Port">null leaves it to the ssh configuration, and then to 22.</param>
public sealed record SshAddress(string? User, string Host, int? Port)
{
    /// <summary>Reads one. Throws <see cref="FormatException"/> with the form that is expected.</summary>
    public static SshAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var at = text.LastIndexOf('@');
        var user = at < 0 ? null : text[..at];
        var (host, port) = SplitPort(text[(at + 1)..], text);
        var bad = user is { Length: 0 } || host.Length == 0 || host.StartsWith('-')
            || text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));
        return bad ? throw Malformed(text) : new SshAddress(user, host, port);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        return $"{(User is null ? "" : User + "@")}{host}{(Port is { } port ? string.Create(CultureInfo.InvariantCulture, $":{port}") : "")}";
    }

    private static (string Host, int? Port) SplitPort(string text, string whole)
    {
        var bracket = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) : -1;
        if (text.StartsWith('[') && bracket < 0)
            throw Malformed(whole);
        var host = bracket > 0 ? text[1..bracket] : text;
        var rest = bracket > 0 ? text[(bracket + 1)..] : "";
        if (bracket < 0 && text.Count(c => c == ':') == 1)
        {
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            (host, rest) = (text[..colon], text[colon..]);
        }

        if (rest.Length == 0)
            return (host, null);
        return rest[0] == ':' && int.TryParse(rest.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
            ? (host, port)
            : throw Malformed(whole);
    }

    private static FormatException Malformed(string text) =>
        new($"'{text}' is not an ssh address; write user@host or user@host:port, IPv6 in brackets");
}
