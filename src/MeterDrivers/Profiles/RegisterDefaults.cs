using MeterLab.Configuration;

namespace MeterLab.MeterDrivers.Profiles;

/// <summary>What the section <c>modbus</c> says for all its rows, and how a row's own words go before it.</summary>
internal sealed class RegisterDefaults
{
    private static readonly string[] Types = ["u16", "s16", "u32", "s32", "u64", "s64", "f32", "f64"];
    private static readonly string[] Orders = ["ABCD", "CDAB", "BADC", "DCBA"];

    private readonly ConfigNode? _table;
    private readonly ConfigNode? _type;
    private readonly ConfigNode? _order;
    private readonly Dictionary<RegisterType, IReadOnlyList<ConfigNode>> _notAvailable = [];

    public RegisterDefaults(ConfigMap map)
    {
        _table = map.Find("table");
        _type = map.Find("type");
        _order = map.Find("word-order");
        if (map.Find("not-available") is not { } codes)
            return;
        foreach (var (type, list) in codes.AsMap(Types).Entries)
            _notAvailable.Add((RegisterType)Array.IndexOf(Types, type), list.AsList());
    }

    /// <summary>The word order of this name (<c>CDAB</c>); null where there is none.</summary>
    public static WordOrder? FindOrder(string name) => Array.IndexOf(Orders, name) is >= 0 and var i ? (WordOrder)i : null;

    /// <summary>The row's table, or everybody's.</summary>
    public RegisterTable Table(ConfigMap row)
    {
        var node = row.Find("table") ?? _table ?? throw row.Node.Error("the key 'table' (input or holding) is missing, here and above");
        return node.AsOneOf("holding", "input") == "input" ? RegisterTable.Input : RegisterTable.Holding;
    }

    /// <summary>The row's type and word order, or everybody's.</summary>
    public RegisterEncoding Encoding(ConfigMap row)
    {
        var type = (row.Find("type") ?? _type ?? throw row.Node.Error("the key 'type' is missing, here and above")).AsOneOf(Types);
        var order = (row.Find("word-order") ?? _order)?.AsOneOf(Orders) ?? "ABCD";
        return new RegisterEncoding((RegisterType)Array.IndexOf(Types, type), (WordOrder)Array.IndexOf(Orders, order));
    }

    /// <summary>The row's codes for "no value", or those of its type.</summary>
    public IReadOnlyList<(long From, long To)> NotAvailable(ConfigMap row, RegisterEncoding encoding)
    {
        var codes = row.Find("not-available") is { } own ? own.AsList() : _notAvailable.GetValueOrDefault(encoding.Type, []);
        return [.. codes.Select(code => Range(code, encoding))];
    }

    /// <summary>A code, or two as a range with both ends in it: <c>[0x7FFF0000, 0x7FFFFFFF]</c>.</summary>
    public static (long From, long To) Range(ConfigNode node, RegisterEncoding encoding)
    {
        if (!node.IsList)
            return (Code(node, encoding), Code(node, encoding));
        var ends = node.AsList();
        if (ends.Count != 2)
            throw node.Error("a range has two ends, lowest first");
        var (from, to) = (Code(ends[0], encoding), Code(ends[1], encoding));
        return from <= to ? (from, to) : throw node.Error("the lower end must stand first");
    }

    /// <summary>A code of this encoding. A hexadecimal one is a bit pattern: 0x8000 in an s16 is -32768.</summary>
    private static long Code(ConfigNode node, RegisterEncoding encoding)
    {
        var code = node.AsInteger();
        var own = encoding.FromBits((ulong)code);
        var hexadecimal = node.AsText().StartsWith("0x", StringComparison.Ordinal);
        return hexadecimal || own == code ? own : throw node.Error(FormattableString.Invariant($"{code} does not fit the register"));
    }
}
