using System.Text.RegularExpressions;

namespace MeterLab.Storage;

/// <summary>
/// The last line of defence of "no secret is ever written to the store": callers hand over redacted text; what still looks like a
/// password is refused, without repeating it.
/// </summary>
internal static partial class SecretGuard
{
    /// <summary>Throws <see cref="StoreException"/> where the text holds a password or a private key.</summary>
    /// <param name="text">What is to be stored; null passes.</param>
    /// <param name="what">What it is, for the message: "the rig file".</param>
    public static void Check(string? text, string what)
    {
        if (text is null)
            return;
        foreach (var match in Address().EnumerateMatches(text))
            RefuseUnlessRedacted(text.AsSpan(match.Index, match.Length), what);
        foreach (var match in Option().EnumerateMatches(text))
            RefuseUnlessRedacted(text.AsSpan(match.Index, match.Length), what);
        if (PrivateKey().IsMatch(text))
            throw Refusal(what, "a private key");
    }

    private static void RefuseUnlessRedacted(ReadOnlySpan<char> found, string what)
    {
        // env:NAME names a secret and is none.
        if (!found.Contains("***", StringComparison.Ordinal) && !found.Contains("env:", StringComparison.Ordinal))
            throw Refusal(what, "a password in an address");
    }

    private static StoreException Refusal(string what, string found) =>
        new(StoreFailure.Secret, $"{what} holds {found}, and the store keeps no secrets.\nWrite it as env:NAME and set that variable where MeterLab runs.");

    // scheme://user:password@host, and snmp://community@host where the community alone is the secret.
    [GeneratedRegex(@"(?:snmp://[^\s/""'@]+|[a-z][a-z0-9+.-]*://[^\s/""'@:]*:[^\s/""'@]+)@", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    // The secret options of a meter's address.
    [GeneratedRegex(@"[?&](?:password|token|community|secret)=[^&\s""']+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Option();

    [GeneratedRegex("-----BEGIN [A-Z ]*PRIVATE KEY-----", RegexOptions.CultureInvariant)]
    private static partial Regex PrivateKey();
}
