using MeterLab.Configuration;
using MeterLab.Measurement.Quantities;
using MeterLab.MeterDrivers.Snmp;

namespace MeterLab.MeterDrivers.Profiles;

/// <summary>Reads the section <c>snmp</c> of a profile.</summary>
internal static class SnmpMapReader
{
    public static SnmpMap Read(ConfigNode node)
    {
        var map = node.AsMap("version", "max-objects", "timeout", "unit", "identity", "fields");
        var rows = map.Require("fields").AsList();
        if (rows.Count == 0)
            throw node.Error("a profile without fields measures nothing");
        return new SnmpMap
        {
            Fields = [.. rows.Select(Field)],
            Version = map.Find("version")?.AsOneOf("1", "2c") == "1" ? 1 : 2,
            MaxObjects = (int)(map.Find("max-objects")?.AsInteger(1, 60) ?? 20),
            Timeout = TimeSpan.FromSeconds(map.Find("timeout")?.AsQuantityIn(Dimension.Time, 0.01, 60, "10ms to 1min") ?? 1),
            Unit = (int)(map.Find("unit")?.AsInteger(0, 255) ?? 1),
            Identity = map.Find("identity") is { } identity
                ? identity.AsMap("model", "serial", "firmware").Entries.ToDictionary(entry => entry.Key, entry => Oid(entry.Value))
                : new Dictionary<string, string>(),
        };
    }

    private static SnmpField Field(ConfigNode row)
    {
        var keys = row.AsMap([.. ValueFieldReader.Keys, "oid", "digits", "digits-otherwise"]);
        var value = ValueFieldReader.Read(keys);
        var oid = keys.Require("oid");
        if (value.Repeat is not null && !oid.AsText().Contains("{n", StringComparison.Ordinal))
            throw oid.Error("the objects of a row differ by {n}");
        return new SnmpField(
            value,
            Oid(oid),
            keys.Find("digits") is { } digits ? Oid(digits) : null,
            (int?)keys.Find("digits-otherwise")?.AsInteger(0, 9));
    }

    private static string Oid(ConfigNode node)
    {
        var text = node.AsText();
        return SnmpOid.TryParse(ValueField.Fill(text, 1, 1), out _)
            ? text
            : throw node.Error($"'{text}' is no object: numbers and dots, beginning with 1.3, as in 1.3.6.1.2.1.1.1.0");
    }
}
