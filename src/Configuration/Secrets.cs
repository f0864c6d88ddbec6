using System.Text.RegularExpressions;

using MeterLab.Measurement;

namespace MeterLab.Configuration;

/// <summary>
/// Secrets of addresses. A file may name an environment variable instead (<c>env:NAME</c>), which is read only when the secret is
/// used; whatever is printed or stored shows <c>***</c>.
/// </summary>
public static partial class Secrets
{
    private const string Prefix = "env:";

    /// <summary>
    /// The secret itself: the text, or the variable that <c>env:NAME</c> names. Throws <see cref="ConfigurationException"/> where the
    /// variable is not set.
    /// </summary>
    public static string Resolve(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
            return text;
        var name = text[Prefix.Length..];
        return Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? value
            : throw new ConfigurationException($"the environment variable '{name}' is not set; it must hold the secret that {text} stands for");
    }

    /// <summary>A text (a whole file, for instance) with every secret in an address replaced by ***.</summary>
    public static string Redact(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Option().Replace(Authority().Replace(text, "${scheme}***@"), "${name}***");
    }

    // hwmon://CHIP@BUS is a name, not a secret before a host.
    [GeneratedRegex("""(?<scheme>\b(?!hwmon:)[a-z][a-z0-9+.-]*://)[^/\s"']*@""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Authority();

    [GeneratedRegex("""(?<name>[?&](?:password|token|community|secret)=)[^&\s"']*""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Option();
}
