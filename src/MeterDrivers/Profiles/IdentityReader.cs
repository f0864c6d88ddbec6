using MeterLab.Configuration;

namespace MeterLab.MeterDrivers.Profiles;

/// <summary>Reads the registers that tell who a device is and how it is set.</summary>
internal static class IdentityReader
{
    private static readonly string[] Keys = ["address", "table", "type", "word-order", "text", "one-character-each", "singly"];

    /// <summary>A number or a text, or null where the key is absent.</summary>
    public static IdentityRegister? Register(ConfigMap map, string key, RegisterDefaults defaults) =>
        map.Find(key) is { } node ? Register(node.AsMap(Keys), defaults) : null;

    /// <summary>The checks under a key: registers with the values that are right.</summary>
    public static IReadOnlyList<RegisterCheck> Checks(ConfigMap map, string key, RegisterDefaults defaults)
    {
        var checks = new List<RegisterCheck>();
        foreach (var item in map.List(key))
        {
            var keys = item.AsMap("address", "table", "type", "word-order", "right", "meaning");
            var register = Register(keys, defaults);
            var right = keys.Require("right").AsList().Select(range => RegisterDefaults.Range(range, register.Encoding)).ToList();
            if (right.Count == 0)
                throw item.Error("'right' lists at least one value or range, for instance [7] or [[330, 345]]");
            checks.Add(new RegisterCheck { Register = register, Right = right, Meaning = keys.Require("meaning").AsText() });
        }

        return checks;
    }

    private static IdentityRegister Register(ConfigMap keys, RegisterDefaults defaults)
    {
        var text = (int)(keys.Find("text")?.AsInteger(1, 64) ?? 0);
        var encoding = text > 0 ? default : defaults.Encoding(keys);
        if (encoding.IsFloat)
            throw keys.Node.Error("a whole number is wanted here (type: u16, u32 …), or a text of so many registers (text: 8)");
        var count = text > 0 ? text : encoding.Registers;
        return new IdentityRegister
        {
            Table = defaults.Table(keys),
            Address = (ushort)keys.Require("address").AsInteger(0, 65536 - count),
            Encoding = encoding,
            TextRegisters = text,
            OneCharacterEach = keys.Boolean("one-character-each", otherwise: false),
            Singly = keys.Boolean("singly", otherwise: false),
        };
    }
}
