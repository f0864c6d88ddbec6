using MeterLab.Configuration;
using MeterLab.Measurement.Quantities;

namespace MeterLab.MeterDrivers.Profiles;

/// <summary>Reads the rows of a register map: each is a value, or a series of equal ones.</summary>
internal sealed class RegisterRowReader(RegisterDefaults defaults, IReadOnlyDictionary<string, ushort> bases)
{
    private readonly List<RegisterField> _fields = [];

    /// <summary>What was read so far.</summary>
    public List<RegisterField> Fields => _fields;

    /// <summary>Reads one more row.</summary>
    public void Read(ConfigNode row)
    {
        var keys = row.AsMap(
            "channel", "quantity", "address", "table", "type", "word-order", "unit", "scale", "scale-register", "minus", "quadrants",
            "not-available", "wrap", "alone", "base", "times", "stride", "facts-mark", "comment");
        var field = Field(keys);
        if (keys.Find("times") is not { } times)
        {
            Add(row, field);
            return;
        }

        var stride = (int)keys.Require("stride").AsInteger(1, 65535);
        foreach (var member in RegisterMapVariants.Members(field, field.Channel, (int)times.AsInteger(1, 1024), stride))
            Add(row, member);
    }

    private RegisterField Field(ConfigMap keys)
    {
        var quantity = QuantityMaps.QuantityOf(keys.Require("quantity"));
        var encoding = defaults.Encoding(keys);
        var field = new RegisterField
        {
            Channel = keys.Require("channel").AsName(),
            Quantity = quantity,
            Table = defaults.Table(keys),
            Address = Address(keys, "address", encoding) ?? throw keys.Node.Error("the key 'address' is missing"),
            Encoding = encoding,
            Unit = keys.Require("unit").AsText(),
            SiPerCount = SiPerCount(keys, quantity),
            NotAvailable = defaults.NotAvailable(keys, encoding),
            Wrap = keys.Find("wrap") is { } wrap ? QuantityMaps.ValueOf(wrap, quantity) : null,
            Alone = keys.Boolean("alone", otherwise: false),
            Minus = Address(keys, "minus", encoding),
            ScaleRegister = Address(keys, "scale-register", new RegisterEncoding(RegisterType.S16)),
            Quadrants = keys.Boolean("quadrants", otherwise: false),
            Base = keys.Find("base")?.AsName(),
            FactsMark = (int?)keys.Find("facts-mark")?.AsInteger(0, 2),
        };
        Check(keys, field);
        return field;
    }

    private ushort? Address(ConfigMap keys, string key, RegisterEncoding encoding)
    {
        if (keys.Find(key) is not { } node)
            return null;
        var from = 0;
        if (keys.Find("base") is { } name)
        {
            from = bases.TryGetValue(name.AsText(), out var known)
                ? known
                : throw name.Error($"no base is called '{name.AsText()}'; {Nearest.Suggest(name.AsText(), [.. bases.Keys])}");
        }

        return (ushort)(from + node.AsInteger(0, 65536 - encoding.Registers - from));
    }

    private static double SiPerCount(ConfigMap keys, Quantity quantity)
    {
        var unit = keys.Require("unit");
        var factor = QuantityUnits.Factor(quantity, unit.AsText()) ?? throw unit.Error(
            $"'{unit.AsText()}' is not a unit of {QuantityNames.NameOf(quantity)}; units: {string.Join(", ", QuantityUnits.Of(quantity).Select(u => u.Unit))}");
        var scale = keys.Find("scale")?.AsNumber() ?? 1;
        return scale != 0 ? factor * scale : throw keys.Node.Error("a scale of 0 makes every value 0");
    }

    private static void Check(ConfigMap keys, RegisterField field)
    {
        if (field.Encoding.IsFloat && (field.Minus ?? field.ScaleRegister) is not null)
            throw keys.Node.Error("minus and scale-register go with whole numbers, not with f32 or f64");
        if (field.Quadrants && (field.Encoding.Type != RegisterType.F32 || field.Quantity != Quantity.PowerFactor))
            throw keys.Node.Error("quadrants is said of a power factor in an f32");
        if (field.Minus is not null && field.ScaleRegister is not null)
            throw keys.Node.Error("minus and scale-register do not go together");
    }

    private void Add(ConfigNode row, RegisterField field)
    {
        if (_fields.Find(other => other.Channel == field.Channel && other.Quantity == field.Quantity) is { } twin)
            throw row.Error($"{twin} is described already; a channel has each quantity once");
        _fields.Add(field);
    }
}
