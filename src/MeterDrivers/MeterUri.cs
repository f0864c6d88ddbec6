using System.Globalization;

using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.MeterDrivers;

/// <summary>
/// The address of one meter (contract, section 3): scheme, where it is, and options. Immutable; its text form never shows a secret.
/// </summary>
public sealed class MeterUri
{
    private readonly Dictionary<string, string> _options;

    private MeterUri(string scheme, string? user, string host, int? port, string path, Dictionary<string, string> options)
    {
        Scheme = scheme;
        User = user;
        Host = host;
        Port = port;
        Path = path;
        _options = options;
    }

    /// <summary>modbus-tcp, modbus-rtu, i2c …</summary>
    public string Scheme { get; }

    /// <summary>What stands before an @ (an SNMP community), unresolved; null where there is none. Never print it.</summary>
    public string? User { get; }

    /// <summary>Host name, address or bus number; empty where the scheme has none.</summary>
    public string Host { get; }

    /// <summary>The port, where one is written.</summary>
    public int? Port { get; }

    /// <summary>The path with its leading slash, or empty: a device file, a unit, an I2C address.</summary>
    public string Path { get; }

    /// <summary>The option <c>model</c>, or null.</summary>
    public string? Model => Option("model");

    /// <summary>The names of the options.</summary>
    public IEnumerable<string> OptionNames => _options.Keys;

    /// <summary>An option's text, or null.</summary>
    public string? Option(string name) => _options.GetValueOrDefault(name);

    /// <summary>An option that carries a unit, in SI units, or null. Throws <see cref="ConfigurationException"/> for a missing unit.</summary>
    public double? Quantity(string name, Dimension dimension)
    {
        if (Option(name) is not { } text)
            return null;
        return UnitText.TryParse(text, dimension, out var value, out var problem) ? value : throw Error($"{name}: {problem}");
    }

    /// <summary>An option that is a whole number in a range, or the default.</summary>
    public int WholeNumber(string name, int otherwise, int min, int max)
    {
        if (Option(name) is not { } text)
            return otherwise;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
            ? value
            : throw Error($"{name}: a whole number from {min} to {max} is wanted, not '{text}'");
    }

    /// <summary>Refuses options that the scheme does not know, naming the ones it does.</summary>
    public void AllowOptions(params ReadOnlySpan<string> known)
    {
        foreach (var name in _options.Keys)
        {
            if (!known.Contains(name))
                throw Error($"unknown option '{name}'; {Configuration.Nearest.Suggest(name, known)}");
        }
    }

    /// <summary>The failure to throw about this address.</summary>
    public ConfigurationException Error(string problem) => new($"{this}: {problem}");

    /// <summary>The same address with another option value (a rig file's model by name, a port that a test chose).</summary>
    public MeterUri With(string option, string value) =>
        new(Scheme, User, Host, Port, Path, new Dictionary<string, string>(_options, StringComparer.Ordinal) { [option] = value });

    /// <summary>The same address with another path: a place and one of its units.</summary>
    public MeterUri At(string path) => new(Scheme, User, Host, Port, path, _options);

    /// <summary>Whether another address says the same in all its parts; options may stand in another order.</summary>
    public bool Means(MeterUri other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return IsBeside(other) && Port == other.Port && User == other.User
            && _options.Count == other._options.Count && _options.All(option => other.Option(option.Key) == option.Value);
    }

    /// <summary>Whether another address leads to the same host or device and unit, whatever its port and options.</summary>
    public bool IsBeside(MeterUri other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Scheme == other.Scheme && Host.Equals(other.Host, StringComparison.OrdinalIgnoreCase) && Path == other.Path;
    }

    /// <summary>Reads an address. Throws <see cref="ConfigurationException"/> saying what would be right.</summary>
    public static MeterUri Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.IndexOf("://", StringComparison.Ordinal);
        if (colon <= 0)
            throw new ConfigurationException($"'{Hide(text)}' is no meter address; write for instance modbus-tcp://10.0.0.20:502/1?model=eastron-sdm630");
        var scheme = text[..colon];
        var rest = text[(colon + 3)..];
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        var question = rest.IndexOf('?', StringComparison.Ordinal);
        if (question >= 0)
        {
            foreach (var pair in rest[(question + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
            {
                var equals = pair.IndexOf('=', StringComparison.Ordinal);
                if (equals <= 0 || equals == pair.Length - 1)
                    throw new ConfigurationException($"'{Hide(text)}': the option '{pair}' is not of the form name=value");
                var name = Uri.UnescapeDataString(pair[..equals]);
                if (!options.TryAdd(name, Uri.UnescapeDataString(pair[(equals + 1)..])))
                    throw new ConfigurationException($"'{Hide(text)}': the option '{name}' stands twice");
            }

            rest = rest[..question];
        }

        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var authority = slash >= 0 ? rest[..slash] : rest;
        var path = slash >= 0 ? Uri.UnescapeDataString(rest[slash..]) : "";
        string? user = null;
        // hwmon's CHIP@BUS-ADDR is a name, not a secret before a host.
        var at = scheme == "hwmon" ? -1 : authority.LastIndexOf('@');
        if (at >= 0)
        {
            user = Uri.UnescapeDataString(authority[..at]);
            authority = authority[(at + 1)..];
        }

        int? port = null;
        var portColon = authority.LastIndexOf(':');
        if (portColon >= 0 && !authority.EndsWith(']'))
        {
            if (!int.TryParse(authority.AsSpan(portColon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || number is < 1 or > 65535)
            {
                throw new ConfigurationException($"'{Hide(text)}': '{authority[(portColon + 1)..]}' is no port; 1 to 65535 is right");
            }

            port = number;
            authority = authority[..portColon];
        }

        return new MeterUri(scheme, user, authority.Trim('[', ']'), port, path, options);
    }

    /// <summary>The address as it may be printed and stored: what stands before an @, and any password, shows as ***.</summary>
    public override string ToString()
    {
        var user = User is null ? "" : "***@";
        var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        var port = Port is { } p ? string.Create(CultureInfo.InvariantCulture, $":{p}") : "";
        var options = string.Join('&', _options.Select(o => $"{o.Key}={(IsSecret(o.Key) ? "***" : o.Value)}"));
        return $"{Scheme}://{user}{host}{port}{Path}{(options.Length > 0 ? "?" + options : "")}";
    }

    private static bool IsSecret(string option) => option is "password" or "token" or "community" or "secret";

    private static string Hide(string text)
    {
        var at = text.LastIndexOf('@');
        var start = text.IndexOf("://", StringComparison.Ordinal);
        return at > 0 && !text.StartsWith("hwmon", StringComparison.Ordinal)
            ? (start >= 0 ? text[..(start + 3)] : "") + "***" + text[at..]
            : text;
    }
}
