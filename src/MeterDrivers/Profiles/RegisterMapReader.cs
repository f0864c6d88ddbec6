using MeterLab.Configuration;
using MeterLab.Measurement.Quantities;

namespace MeterLab.MeterDrivers.Profiles;

/// <summary>Reads the section <c>modbus</c> of a profile.</summary>
internal static class RegisterMapReader
{
    public static RegisterMap Read(ConfigNode node)
    {
        var map = node.AsMap(
            "facts-mark", "table", "type", "word-order", "not-available", "max-registers", "alignment", "max-hole", "readable", "forbidden", "in-flight",
            "general-unit", "minimum-gap", "timeout", "serial-number", "firmware", "model-name", "identity", "settings", "probe", "sunspec", "bases", "registers");
        var defaults = new RegisterDefaults(map);
        var bases = Bases(map);
        var rows = new RegisterRowReader(defaults, bases);
        foreach (var row in map.Require("registers").AsList())
            rows.Read(row);
        if (rows.Fields.Count == 0)
            throw node.Error("a profile without registers measures nothing");
        var result = new RegisterMap
        {
            Fields = rows.Fields,
            FactsMark = (int?)map.Find("facts-mark")?.AsInteger(0, 2),
            MaxRegisters = Integer(map, "max-registers", 125, 1, 125),
            Alignment = Integer(map, "alignment", 1, 1, 4),
            MaxHole = Integer(map, "max-hole", 0, 0, 124),
            Readable = Stretches(map, "readable"),
            Forbidden = Stretches(map, "forbidden"),
            GeneralUnit = (int?)map.Find("general-unit")?.AsInteger(1, 255),
            InFlight = Integer(map, "in-flight", 1, 1, RegisterLimits.MostInFlight),
            MinimumGap = TimeSpan.FromSeconds(map.Quantity("minimum-gap", Dimension.Time) ?? 0),
            Timeout = TimeSpan.FromSeconds(map.Quantity("timeout", Dimension.Time) ?? 1),
            Serial = IdentityReader.Register(map, "serial-number", defaults),
            Firmware = IdentityReader.Register(map, "firmware", defaults),
            ModelName = IdentityReader.Register(map, "model-name", defaults),
            Identity = IdentityReader.Checks(map, "identity", defaults),
            Settings = IdentityReader.Checks(map, "settings", defaults),
            Probe = map.Find("probe") is { } probe ? Probe(probe, rows.Fields) : null,
            SunSpec = map.Find("sunspec") is { } chain ? SunSpec(chain) : null,
            Bases = bases,
        };
        Check(map, result);
        return result;
    }

    private static RegisterProbe Probe(ConfigNode node, List<RegisterField> fields)
    {
        var keys = node.AsMap("channel", "quantity", "range");
        var channel = keys.Require("channel").AsName();
        var quantity = QuantityMaps.QuantityOf(keys.Require("quantity"));
        var field = fields.Find(f => f.Channel == channel && f.Quantity == quantity)
            ?? throw node.Error($"no register holds {channel} {QuantityNames.NameOf(quantity)}");
        var (from, to) = QuantityMaps.RangeOf(keys.Require("range"), quantity);
        return new RegisterProbe(field, from, to);
    }

    private static SunSpecMap SunSpec(ConfigNode node)
    {
        var keys = node.AsMap("model", "bases");
        var bases = keys.Require("bases").AsList();
        return bases.Count > 0
            ? new SunSpecMap((ushort)keys.Require("model").AsInteger(1, 65534), [.. bases.Select(address => (ushort)address.AsInteger(0, 65533))])
            : throw node.Error("at least one address where the chain may begin is wanted: [40000, 50000, 0]");
    }

    private static Dictionary<string, ushort> Bases(ConfigMap map)
    {
        var bases = new Dictionary<string, ushort>(StringComparer.Ordinal);
        if (map.Find("bases") is not { } node)
            return bases;
        foreach (var (name, address) in node.AsAnyMap().Entries)
        {
            if (!Names.IsName(name))
                throw address.Error($"'{name}' is no name here: lower-case letters, digits and hyphens");
            bases.Add(name, (ushort)address.AsInteger(0, 65535));
        }

        return bases;
    }

    private static List<(int From, int To)> Stretches(ConfigMap map, string key)
    {
        var stretches = new List<(int From, int To)>();
        foreach (var item in map.List(key))
        {
            var ends = item.AsList();
            if (ends.Count != 2)
                throw item.Error("a stretch of registers has two ends, both included: [0x1000, 0x8EFF]");
            var from = (int)ends[0].AsInteger(0, 65535);
            stretches.Add((from, (int)ends[1].AsInteger(from, 65535)));
        }

        return stretches;
    }

    private static int Integer(ConfigMap map, string key, int otherwise, int min, int max) =>
        (int)(map.Find(key)?.AsInteger(min, max) ?? otherwise);

    private static void Check(ConfigMap map, RegisterMap registers)
    {
        if (registers.MinimumGap < TimeSpan.Zero || registers.MinimumGap > TimeSpan.FromMinutes(1))
            throw map.Require("minimum-gap").Error("a time up to 1 min is wanted here");
        if (registers.Timeout <= TimeSpan.Zero || registers.Timeout > TimeSpan.FromMinutes(1))
            throw map.Require("timeout").Error("a time up to 1 min, above 0, is wanted here");
        foreach (var field in registers.Fields)
        {
            if (field.Encoding.Registers > registers.MaxRegisters)
                throw map.Node.Error($"{field} does not fit into one request of {registers.MaxRegisters} registers");
            if (registers.SunSpec is null && (field.Address % registers.Alignment != 0 || field.Encoding.Registers % registers.Alignment != 0))
                throw map.Node.Error($"{field} cannot be read: requests of this meter begin and end at multiples of {registers.Alignment}");
            foreach (var (from, to) in registers.Forbidden)
            {
                if (field.Address <= to && field.End > from)
                    throw map.Node.Error($"{field} lies in a stretch that is forbidden to requests");
            }
        }
    }
}
