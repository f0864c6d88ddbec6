using System.Globalization;

using MeterLab.Configuration;
using MeterLab.Measurement;
using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Settings;

/// <summary>
/// The folder <c>firmware-configs/settings</c>: for each model what must be set before measuring, and what must not change while it is done. Read
/// strictly: an unknown key is a <see cref="ConfigurationException"/> with file, line and key. The format: the folder's README.
/// </summary>
public sealed class SettingsLibrary(string directory)
{
    /// <summary>The settings of a model; none where there is no file for it.</summary>
    public IReadOnlyList<SettingRule> Find(string model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var path = Names.IsName(model) ? Path.Combine(directory, model + ".yaml") : null;
        return path is not null && File.Exists(path) ? Read(YamlFile.Load(path), model) : [];
    }

    /// <summary>The models that have a file, sorted.</summary>
    public IReadOnlyList<string> Models() => Directory.Exists(directory)
        ? [.. Directory.EnumerateFiles(directory, "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)]
        : [];

    private static List<SettingRule> Read(ConfigNode root, string model)
    {
        var map = root.AsMap("model", "source", "facts-mark", "settings");
        var name = map.Require("model");
        if (name.AsName() != model)
            throw name.Error($"the file is called {model}; they must agree");
        map.Require("source").AsText();
        var mark = (int)map.Require("facts-mark").AsInteger(0, 2);
        return [.. map.Require("settings").AsAnyMap().Entries.Select(entry => Rule(entry.Key, entry.Value, mark))];
    }

    private static SettingRule Rule(string name, ConfigNode node, int mark)
    {
        if (!Names.IsName(name))
            throw node.Error($"'{name}' is no name here: lower-case letters, digits and hyphens");
        var keys = node.AsMap("register", "ask", "set", "want", "accept", "meaning", "facts-mark");
        var want = keys.Find("want")?.AsText();
        List<string> accept = [.. keys.List("accept").Select(value => value.AsText())];
        if (want is not null && !accept.Contains(want))
            accept.Insert(0, want);
        var rule = new SettingRule
        {
            Name = name,
            Meaning = keys.Require("meaning").AsText(),
            Want = want,
            Accept = accept,
            Register = keys.Find("register") is { } register ? Register(register) : null,
            Ask = keys.Text("ask"),
            Set = keys.Text("set"),
            FactsMark = (int)(keys.Find("facts-mark")?.AsInteger(0, 2) ?? mark),
        };
        if (rule.Register is null == rule.Ask is null)
            throw node.Error("either 'register' or 'ask' says where the setting is");
        if (want is null && (accept.Count > 0 || rule.Set is not null || rule.Register is { WriteFunction: not null }))
            throw node.Error("a setting without 'want' is only recorded; accept, set and write go with it");
        if (rule.Register is not null && want is not null && !double.TryParse(want, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            throw keys.Require("want").Error("a register holds a number");
        return rule;
    }

    private static SettingRegister Register(ConfigNode node)
    {
        var keys = node.AsMap("table", "address", "type", "word-order", "write");
        var defaults = new RegisterDefaults(keys);
        var encoding = defaults.Encoding(keys);
        return new SettingRegister(
            defaults.Table(keys),
            (ushort)keys.Require("address").AsInteger(0, 65536 - encoding.Registers),
            encoding,
            keys.Find("write") is { } write ? int.Parse(write.AsOneOf("6", "16"), CultureInfo.InvariantCulture) : null);
    }
}
