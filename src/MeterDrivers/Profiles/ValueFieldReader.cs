using MeterLab.Configuration;
using MeterLab.Measurement.Quantities;

namespace MeterLab.MeterDrivers.Profiles;

/// <summary>Reads what the rows of <c>snmp</c>, <c>http</c> and <c>scpi</c> have in common.</summary>
internal static class ValueFieldReader
{
    private const int MostInARow = 128;

    /// <summary>The keys that every such row may have.</summary>
    internal static readonly string[] Keys =
        ["channel", "quantity", "unit", "scale", "not-available", "wrap", "repeat", "alone", "comment"];

    /// <summary>The common part of a row.</summary>
    public static ValueField Read(ConfigMap keys)
    {
        var quantity = QuantityMaps.QuantityOf(keys.Require("quantity"));
        var unit = keys.Require("unit");
        var factor = QuantityUnits.Factor(quantity, unit.AsText()) ?? throw unit.Error(
            $"'{unit.AsText()}' is not a unit of {QuantityNames.NameOf(quantity)}; units: {string.Join(", ", QuantityUnits.Of(quantity).Select(u => u.Unit))}");
        var scale = keys.Find("scale")?.AsNumber() ?? 1;
        if (scale == 0)
            throw keys.Node.Error("a scale of 0 makes every value 0");
        var repeat = keys.Find("repeat") is { } range ? RangeOf(range) : ((int First, int Last)?)null;
        return new ValueField
        {
            Channel = Channel(keys.Require("channel"), repeat is not null),
            Quantity = quantity,
            Unit = unit.AsText(),
            SiPerCount = factor * scale,
            NotAvailable = [.. keys.List("not-available").Select(code => code.AsNumber())],
            Wrap = keys.Find("wrap") is { } wrap ? QuantityMaps.ValueOf(wrap, quantity) : null,
            Repeat = repeat,
            Alone = keys.Find("alone")?.AsName(),
        };
    }

    private static string Channel(ConfigNode node, bool repeated)
    {
        if (!repeated)
            return node.AsName();
        var text = node.AsText();
        return text.Contains("{n}", StringComparison.Ordinal) && Names.IsName(ValueField.Fill(text, 1, 0))
            ? text
            : throw node.Error($"'{text}': a channel of a row holds {{n}}, as in outlet-{{n}}");
    }

    private static (int First, int Last) RangeOf(ConfigNode node)
    {
        var ends = node.AsList();
        if (ends.Count != 2)
            throw node.Error("a row has a first and a last number, for instance [1, 24]");
        var (first, last) = ((int)ends[0].AsInteger(0, 9999), (int)ends[1].AsInteger(0, 9999));
        return last >= first && last - first < MostInARow
            ? (first, last)
            : throw node.Error($"the first number stands first, and a row has at most {MostInARow}");
    }
}
