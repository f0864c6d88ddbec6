using System.Globalization;

using MeterLab.Configuration;
using MeterLab.Measurement.Quantities;

namespace MeterLab.MeterDrivers.Profiles;

/// <summary>Reads the section <c>modbus</c> of a profile.</summary>
internal static class RegisterMapReader
{
    private static readonly string[] Types = ["u16", "s16", "u32", "s32", "u64", "s64", "f32", "f64"];
    private static readonly string[] Orders = ["ABCD", "CDAB", "BADC", "DCBA"];
    private static readonly string[] Tables = ["holding", "input"];

    /// <summary>The word order of this name (<c>CDAB</c>); null where there is none.</summary>
    public static WordOrder? FindOrder(string name) => Array.IndexOf(Orders, name) is >= 0 and var i ? (WordOrder)i : null;

    public static RegisterMap Read(ConfigNode node)
    {
        var map = node.AsMap(
            "table", "type", "word-order", "max-registers", "alignment", "max-hole", "minimum-gap", "timeout", "serial-number", "probe", "registers");
        var defaults = new Defaults(map.Find("table"), map.Find("type"), map.Find("word-order"));
        var fields = new List<RegisterField>();
        foreach (var row in map.Require("registers").AsList())
            fields.Add(Field(row, defaults, fields));
        if (fields.Count == 0)
            throw node.Error("a profile without registers measures nothing");
        var result = new RegisterMap
        {
            Fields = fields,
            MaxRegisters = Integer(map, "max-registers", 125, 1, 125),
            Alignment = Integer(map, "alignment", 1, 1, 4),
            MaxHole = Integer(map, "max-hole", 0, 0, 124),
            MinimumGap = TimeSpan.FromSeconds(map.Quantity("minimum-gap", Dimension.Time) ?? 0),
            Timeout = TimeSpan.FromSeconds(map.Quantity("timeout", Dimension.Time) ?? 1),
            Serial = map.Find("serial-number") is { } serial ? SerialNumber(serial, defaults) : null,
            Probe = map.Find("probe") is { } probe ? Probe(probe, fields) : null,
        };
        Check(map, result);
        return result;
    }

    private static RegisterField Field(ConfigNode row, Defaults defaults, List<RegisterField> others)
    {
        var keys = row.AsMap(
            "channel", "quantity", "address", "table", "type", "word-order", "unit", "scale", "not-available", "wrap", "comment");
        var quantity = QuantityMaps.QuantityOf(keys.Require("quantity"));
        var encoding = Encoding(keys, defaults);
        var unit = keys.Require("unit");
        var factor = QuantityUnits.Factor(quantity, unit.AsText()) ?? throw unit.Error(
            $"'{unit.AsText()}' is not a unit of {QuantityNames.NameOf(quantity)}; units: {string.Join(", ", QuantityUnits.Of(quantity).Select(u => u.Unit))}");
        var field = new RegisterField
        {
            Channel = keys.Require("channel").AsName(),
            Quantity = quantity,
            Table = Table(keys.Find("table") ?? defaults.Table ?? throw row.Error("the key 'table' (input or holding) is missing, here and above")),
            Address = (ushort)keys.Require("address").AsInteger(0, 65536 - encoding.Registers),
            Encoding = encoding,
            Unit = unit.AsText(),
            SiPerCount = factor * (keys.Find("scale")?.AsNumber() ?? 1),
            NotAvailable = [.. keys.List("not-available").Select(code => Code(code, encoding))],
            Wrap = keys.Find("wrap") is { } wrap ? QuantityMaps.ValueOf(wrap, quantity) : null,
        };
        if (field.SiPerCount == 0)
            throw row.Error("a scale of 0 makes every value 0");
        if (others.Find(other => other.Channel == field.Channel && other.Quantity == field.Quantity) is { } twin)
            throw row.Error($"{twin} is described already; a channel has each quantity once");
        return field;
    }

    private static RegisterField SerialNumber(ConfigNode node, Defaults defaults)
    {
        var keys = node.AsMap("address", "table", "type", "word-order");
        var encoding = Encoding(keys, defaults);
        if (encoding.Type is RegisterType.F32 or RegisterType.F64)
            throw node.Error("a serial number is a whole number: u16, u32 …");
        return new RegisterField
        {
            Channel = "serial-number",
            Quantity = default,
            Table = Table(keys.Find("table") ?? defaults.Table ?? throw node.Error("the key 'table' is missing")),
            Address = (ushort)keys.Require("address").AsInteger(0, 65536 - encoding.Registers),
            Encoding = encoding,
            Unit = QuantityUnits.One,
            SiPerCount = 1,
        };
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

    private static RegisterEncoding Encoding(ConfigMap keys, Defaults defaults)
    {
        var type = (keys.Find("type") ?? defaults.Type ?? throw keys.Node.Error("the key 'type' is missing, here and above")).AsOneOf(Types);
        var order = (keys.Find("word-order") ?? defaults.Order)?.AsOneOf(Orders) ?? "ABCD";
        return new RegisterEncoding((RegisterType)Array.IndexOf(Types, type), (WordOrder)Array.IndexOf(Orders, order));
    }

    private static RegisterTable Table(ConfigNode node) => node.AsOneOf(Tables) == "input" ? RegisterTable.Input : RegisterTable.Holding;

    // A hexadecimal code is a bit pattern: 0x8000 in an s16 is -32768.
    private static long Code(ConfigNode node, RegisterEncoding encoding)
    {
        var code = node.AsInteger();
        var own = encoding.FromBits((ulong)code);
        var hexadecimal = node.AsText().StartsWith("0x", StringComparison.Ordinal);
        return hexadecimal || own == code
            ? own
            : throw node.Error(string.Create(CultureInfo.InvariantCulture, $"{code} does not fit the register"));
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
            if (field.Address % registers.Alignment != 0 || field.Encoding.Registers % registers.Alignment != 0)
                throw map.Node.Error($"{field} cannot be read: requests of this meter begin and end at multiples of {registers.Alignment}");
        }
    }

    private sealed record Defaults(ConfigNode? Table, ConfigNode? Type, ConfigNode? Order);
}
