using MeterLab.Configuration;
using MeterLab.Measurement.Quantities;

namespace MeterLab.MeterDrivers.Profiles;

/// <summary>The sections of a profile beside <c>modbus</c>.</summary>
/// <param name="Snmp">The section <c>snmp</c>, or null.</param>
internal sealed record NetworkSections(SnmpMap? Snmp)
{
    /// <summary>The keys of the sections.</summary>
    internal static readonly string[] Keys = ["snmp"];

    /// <summary>The schemes that need one of the sections, and which.</summary>
    internal static readonly IReadOnlyDictionary<string, string> SectionOf = new Dictionary<string, string> { ["snmp"] = "snmp" };

    /// <summary>Whether the profile has any.</summary>
    public bool Any => Snmp is not null;

    /// <summary>What the sections measure.</summary>
    public IEnumerable<Quantity> Quantities => (Snmp?.Fields ?? []).Select(row => row.Value.Quantity);

    /// <summary>Reads what there is.</summary>
    public static NetworkSections Read(ConfigMap map) => new(map.Find("snmp") is { } snmp ? SnmpMapReader.Read(snmp) : null);

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
