using MeterLab.Configuration;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Custom;

/// <summary>The part of a description that says where the values stand.</summary>
internal static class CustomFields
{
    // Counters of microjoules and totals of megawatt-hours are common in files, and nowhere else.
    private static readonly Dictionary<string, double> MoreEnergyUnits = new() { ["uJ"] = 1e-6, ["nJ"] = 1e-9, ["mWh"] = 3.6, ["MWh"] = 3.6e9, ["Ws"] = 1 };
    private static readonly Dictionary<string, double> MorePowerUnits = new() { ["uW"] = 1e-6 };

    /// <summary>The definition with its fields.</summary>
    public static CustomDefinition Read(ConfigMap map, CustomDefinition definition)
    {
        CustomField? Quantity(string key, Dimension dimension) => map.Find(key) is { } node ? ReadQuantity(node, definition.Format, dimension) : null;
        CustomField? Plain(string key) => map.Find(key) is { } node ? ReadPlain(node.AsMap(Key(definition.Format)), definition.Format) : null;
        var time = map.Find("time")?.AsMap(Key(definition.Format), "format", "unit", "means");
        var format = time?.Require("format").AsOneOf("unix", "local") == "local" ? CustomTimeFormat.Local : CustomTimeFormat.Unix;
        if (format == CustomTimeFormat.Local && time?.Find("unit") is { } unit)
            throw unit.Error("a local time is text and has no unit");
        var pue = map.Find("pue");
        return definition with
        {
            Energy = Quantity("energy", Dimension.Energy),
            Power = Quantity("power", Dimension.Power),
            Components = map.Find("components") is { } components ? ReadComponents(components, definition.Format) : definition.Components,
            Duration = Quantity("duration", Dimension.Time),
            Time = time is null ? null : new CustomField(ReadPlain(time, definition.Format).Name, time.Find("unit") is { } seconds ? Factor(seconds, Dimension.Time) : 1),
            TimeFormat = format,
            TimeIsStart = time?.Find("means")?.AsOneOf("start", "end") == "start",
            Project = Plain("project"),
            Run = Plain("run"),
            Version = Plain("version"),
            PueField = pue is { IsMap: true } ? Plain("pue") : null,
            Pue = pue is { IsMap: false } ? ReadPue(pue) : 1,
            Rows = map.Find("rows")?.AsOneOf("separate", "cumulative", "parts") switch { "cumulative" => CustomRows.Cumulative, "parts" => CustomRows.Parts, _ => CustomRows.Separate },
        };
    }

    private static Dictionary<string, CustomField> ReadComponents(ConfigNode node, CustomFormat format)
    {
        var components = new Dictionary<string, CustomField>();
        foreach (var (name, value) in node.AsAnyMap().Entries)
            components[Names.IsName(name) ? name : throw value.Error($"'{name}' is no name of a component; cpu, gpu or ram would be one")] = ReadQuantity(value, format, Dimension.Energy);
        return components.Count > 0 ? components : throw node.Error("there is no component; leave the key out");
    }

    private static double ReadPue(ConfigNode node)
    {
        var pue = node.AsNumber();
        return pue is >= 1 and <= 10 ? pue : throw node.Error($"a PUE is 1 to 10, not {node.AsText()}");
    }

    private static CustomField ReadQuantity(ConfigNode node, CustomFormat format, Dimension dimension)
    {
        var map = node.AsMap(Key(format), "unit");
        return ReadPlain(map, format) with { Factor = Factor(map.Require("unit"), dimension) };
    }

    private static CustomField ReadPlain(ConfigMap map, CustomFormat format)
    {
        var node = map.Require(Key(format));
        var name = node.AsText();
        return format == CustomFormat.Csv || JsonPath.IsPath(name) ? new CustomField(name, 1) : throw node.Error($"'{name}' is no path; result.energy or cards[0].joules would be one");
    }

    private static double Factor(ConfigNode node, Dimension dimension)
    {
        var unit = node.AsText();
        var more = dimension switch { Dimension.Energy => MoreEnergyUnits, Dimension.Power => MorePowerUnits, _ => [] };
        if (more.TryGetValue(unit, out var factor))
            return factor;
        return UnitText.TryParse("1" + unit, dimension, out var value, out _) && !char.IsAsciiDigit(unit[0])
            ? value
            : throw node.Error($"'{unit}' is no unit here; {Example(dimension)} would be one");
    }

    private static string Example(Dimension dimension) => dimension switch { Dimension.Energy => "J, kWh or uJ", Dimension.Power => "W or mW", _ => "s, ms or ns" };

    private static string Key(CustomFormat format) => format == CustomFormat.Csv ? "column" : "path";
}
