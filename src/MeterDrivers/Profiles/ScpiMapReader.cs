using MeterLab.Configuration;
using MeterLab.Measurement.Quantities;

namespace MeterLab.MeterDrivers.Profiles;

/// <summary>Reads the section <c>scpi</c> of a profile.</summary>
internal static class ScpiMapReader
{
    public static ScpiMap Read(ConfigNode node)
    {
        var map = node.AsMap("models", "terminator", "separator", "timeout", "values", "list", "setup", "settings", "fields");
        var rows = map.Require("fields").AsList();
        if (rows.Count == 0)
            throw node.Error("a profile without fields measures nothing");
        var list = map.Require("list").AsMap("names", "count", "item", "asked");
        if (list.Find("count") is null != list.Find("item") is null)
            throw list.Node.Error("count and item go together");
        if (!list.Entries.Any())
            throw list.Node.Error("how the order of the values is known is missing: names, count and item, or asked");
        return new ScpiMap
        {
            Fields = [.. rows.Select(Field)],
            Models = [.. map.Require("models").AsList().Select(Line)],
            Values = Line(map.Require("values")),
            Terminator = map.Find("terminator")?.AsOneOf("lf", "crlf") == "crlf" ? "\r\n" : "\n",
            Separator = (map.Find("separator")?.AsOneOf(",", ";") ?? ",")[0],
            Timeout = TimeSpan.FromSeconds(map.Find("timeout")?.AsQuantityIn(Dimension.Time, 0.01, 60, "10ms to 1min") ?? 2),
            ListNames = list.Find("names") is { } names ? Line(names) : null,
            ListItems = list.Find("count") is { } count ? (Line(count), Line(list.Require("item"))) : null,
            Asked = list.Boolean("asked", false),
            Setup = [.. map.List("setup").Select(Line)],
            Settings = map.Find("settings") is { } settings
                ? settings.AsMap([.. ScpiMap.SettingNames]).Entries.ToDictionary(entry => entry.Key, entry => Line(entry.Value))
                : new Dictionary<string, string>(),
        };
    }

    private static ScpiField Field(ConfigNode row)
    {
        var keys = row.AsMap([.. ValueFieldReader.Keys, "items"]);
        var value = ValueFieldReader.Read(keys);
        if (value.Repeat is not null)
            throw row.Error("an instrument's fields stand each for themselves");
        var items = keys.Require("items").AsList().Select(Line).ToArray();
        return items.Length > 0 ? new ScpiField(value, items) : throw row.Error("items names what the instrument calls this value");
    }

    // A line break within a command would be a second command.
    private static string Line(ConfigNode node)
    {
        var text = node.AsText();
        return text.All(c => c is >= ' ' and < '\x7f') ? text : throw node.Error("a command is one line of plain ASCII");
    }
}
