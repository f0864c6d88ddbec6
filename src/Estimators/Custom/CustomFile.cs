using MeterLab.Configuration;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Custom;

/// <summary>Reads a description strictly: what is wrong is told with file, line and key.</summary>
internal static class CustomFile
{
    private static readonly string[] Keys =
    [
        "estimator", "scope", "file", "format", "covers", "leaves-out", "command", "environment", "stop", "start-time", "stop-time", "separator", "each",
        "energy", "power", "components", "duration", "time", "project", "run", "version", "pue", "rows",
    ];

    /// <summary>Reads text that came from <paramref name="file"/>. Throws <see cref="ConfigurationException"/>.</summary>
    public static CustomDefinition Parse(string text, string file)
    {
        var root = YamlFile.Parse(text, file);
        var map = root.AsMap(Keys);
        var format = map.Require("format").AsOneOf("csv", "json", "json-lines") switch { "csv" => CustomFormat.Csv, "json" => CustomFormat.Json, _ => CustomFormat.JsonLines };
        var definition = new CustomDefinition
        {
            Name = ReadName(map.Require("estimator")),
            Scopes = ReadScopes(map.Require("scope")),
            File = map.Require("file").AsText(),
            Format = format,
            Separator = map.Find("separator") is { } separator ? ReadSeparator(separator, format) : ',',
            Each = map.Find("each") is { } each ? ReadEach(each, format) : null,
            Text = text,
            Source = file,
        };
        definition = CustomLaunch.Read(map, definition with
        {
            Covers = map.Text("covers") ?? definition.Covers,
            LeavesOut = map.Text("leaves-out") ?? definition.LeavesOut,
        });
        return Check(root, map, CustomFields.Read(map, definition));
    }

    private static string ReadName(ConfigNode node)
    {
        var name = node.AsName();
        return EstimatorCatalog.TryFind(name) is null ? name : throw node.Error($"'{name}' is the name of an estimator that MeterLab knows already; give yours another");
    }

    private static List<Scope> ReadScopes(ConfigNode node)
    {
        var scopes = new List<Scope>();
        foreach (var item in node.AsList())
        {
            var scope = Scopes.Find(item.AsOneOf([.. Scopes.Names]))!.Value;
            if (scopes.Contains(scope))
                throw item.Error($"the scope '{item.AsText()}' stands twice");
            scopes.Add(scope);
        }

        return scopes.Count > 0 ? scopes : throw node.Error("an estimator covers at least one scope");
    }

    private static char ReadSeparator(ConfigNode node, CustomFormat format)
    {
        if (format != CustomFormat.Csv)
            throw node.Error("only csv has a separator");
        return node.AsText() switch
        {
            "tab" => '\t',
            { Length: 1 } text when text[0] is not ('"' or '.' or '-' or '+') && !char.IsLetterOrDigit(text[0]) => text[0],
            var text => throw node.Error($"'{text}' is no separator; one character as \";\", or tab"),
        };
    }

    private static string ReadEach(ConfigNode node, CustomFormat format) => format != CustomFormat.Json
        ? throw node.Error("only json has a list of rows inside; csv and json-lines have a row a line")
        : JsonPath.IsPath(node.AsText()) ? node.AsText() : throw node.Error($"'{node.AsText()}' is no path; result.rows or [0].rows would be one");

    // What only makes sense together.
    private static CustomDefinition Check(ConfigNode root, ConfigMap map, CustomDefinition definition)
    {
        if (definition.Energy is null && definition.Power is null && definition.Components.Count == 0)
            throw root.Error("there is neither energy, power nor components: where does its figure stand?");
        if (definition.Power is not null && (definition.Energy is not null || definition.Components.Count > 0))
            throw map.Find("power")!.Error("power stands for itself: leave energy and components out, or it");
        if (definition is { Power: not null, Time: null })
            throw map.Find("power")!.Error("power needs the time of every row (time: { column: …, format: unix })");
        if (definition is { Power: not null, TimeIsStart: true })
            throw map.Find("time")!.Error("power is the mean since the row before, so time is the end of a row");
        if (definition.Power is not null && map.Find("rows") is { } rows)
            throw rows.Error("power has one meaning of its rows: a time series; leave rows out");
        if (definition is { Rows: CustomRows.Parts, Time: null })
            throw map.Find("rows")!.Error("parts are put together by their times (time: { column: …, format: unix })");
        return definition;
    }
}
