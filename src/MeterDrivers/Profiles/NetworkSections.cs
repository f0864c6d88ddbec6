using MeterLab.Configuration;
using MeterLab.Measurement.Quantities;

namespace MeterLab.MeterDrivers.Profiles;

/// <summary>The sections of a profile beside <c>modbus</c>.</summary>
/// <param name="Snmp">The section <c>snmp</c>, or null.</param>
/// <param name="Http">The section <c>http</c>, or null.</param>
/// <param name="Scpi">The section <c>scpi</c>, or null.</param>
internal sealed record NetworkSections(SnmpMap? Snmp, HttpMap? Http, ScpiMap? Scpi)
{
    /// <summary>The keys of the sections.</summary>
    internal static readonly string[] Keys = ["snmp", "http", "scpi"];

    /// <summary>The schemes that need one of the sections, and which.</summary>
    internal static readonly IReadOnlyDictionary<string, string> SectionOf = new Dictionary<string, string>
    {
        ["snmp"] = "snmp",
        ["http"] = "http",
        ["scpi"] = "scpi",
        ["scpi-serial"] = "scpi",
    };

    /// <summary>Whether the profile has any.</summary>
    public bool Any => Snmp is not null || Http is not null || Scpi is not null;

    /// <summary>What the sections measure.</summary>
    public IEnumerable<Quantity> Quantities => (Snmp?.Fields ?? []).Select(row => row.Value)
        .Concat((Http?.Fields ?? []).Select(row => row.Value))
        .Concat((Scpi?.Fields ?? []).Select(row => row.Value))
        .Select(value => value.Quantity);

    /// <summary>Reads what there is.</summary>
    public static NetworkSections Read(ConfigMap map) => new(
        map.Find("snmp") is { } snmp ? SnmpMapReader.Read(snmp) : null,
        map.Find("http") is { } http ? HttpMapReader.Read(http) : null,
        map.Find("scpi") is { } scpi ? ScpiMapReader.Read(scpi) : null);

    /// <summary>Refuses a way to reach the meter that no section explains.</summary>
    public static void Check(ConfigMap map, IEnumerable<ProfileTransport> transports)
    {
        foreach (var transport in transports)
        {
            var section = SectionOf.GetValueOrDefault(transport.Scheme, "modbus");
            if (map.Find(section) is null)
                throw map.Require("transports").Error($"{transport.Scheme} needs the section '{section}', which is missing");
        }
    }
}
