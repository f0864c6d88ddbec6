using System.Globalization;

using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MeterLab.Configuration;

/// <summary>
/// One place in a YAML file that knows where it stands, so that every complaint names file, line and key. Scalars are text
/// until asked for as something else: <c>none</c>, <c>off</c> and <c>on</c> never turn into null or a truth value.
/// </summary>
public sealed class ConfigNode
{
    private readonly YamlNode _node;

    internal ConfigNode(YamlNode node, string file, string path)
    {
        _node = node;
        File = file;
        Path = path;
    }

    /// <summary>The file, as the user named it.</summary>
    public string File { get; }

    /// <summary>The dotted key of this place: <c>meters.wall.uri</c>; empty at the top.</summary>
    public string Path { get; }

    /// <summary>The line, from 1.</summary>
    public int Line => (int)_node.Start.Line;

    /// <summary>Whether this is a mapping of keys to values.</summary>
    public bool IsMap => _node is YamlMappingNode;

    /// <summary>Whether this is a list.</summary>
    public bool IsList => _node is YamlSequenceNode;

    /// <summary>Whether this is a single value.</summary>
    public bool IsScalar => _node is YamlScalarNode;

    /// <summary>The failure to throw about this place.</summary>
    public ConfigurationException Error(string problem) => new(problem, File, Line, Path.Length == 0 ? null : Path);

    /// <summary>This place as a mapping that may have only these keys; throws with the nearest known key otherwise.</summary>
    public ConfigMap AsMap(params ReadOnlySpan<string> allowedKeys)
    {
        var map = AsAnyMap();
        map.Allow(allowedKeys);
        return map;
    }

    /// <summary>This place as a mapping whose keys are names that the user chose.</summary>
    public ConfigMap AsAnyMap() => _node is YamlMappingNode mapping
        ? new ConfigMap(this, mapping)
        : throw Error($"a mapping (key: value) is wanted here, not {Kind}");

    /// <summary>This place as a list; a single value is not taken for a list of one.</summary>
    public IReadOnlyList<ConfigNode> AsList()
    {
        if (_node is not YamlSequenceNode sequence)
            throw Error($"a list is wanted here, for instance [a, b], not {Kind}");
        return [.. sequence.Children.Select((child, i) => new ConfigNode(child, File, $"{Path}[{i}]"))];
    }

    /// <summary>The text of a single value, never empty.</summary>
    public string AsText()
    {
        if (_node is not YamlScalarNode scalar)
            throw Error($"a single value is wanted here, not {Kind}");
        return string.IsNullOrEmpty(scalar.Value) ? throw Error("a value is missing here") : scalar.Value;
    }

    /// <summary>The text of a single value, which may be empty where it is quoted: an argument of a program.</summary>
    public string AsArgument() => _node is YamlScalarNode { Style: ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted, Value: "" } ? "" : AsText();

    /// <summary>A name: lower-case letters, digits and hyphens, so that it can stand in a URI, a path or a URL.</summary>
    public string AsName()
    {
        var text = AsText();
        return Names.IsName(text)
            ? text
            : throw Error($"'{text}' is no name here: lower-case letters, digits and hyphens, starting with a letter or digit");
    }

    /// <summary>A plain number without a unit (a count, a factor).</summary>
    public double AsNumber()
    {
        var text = AsText();
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw Error($"a number is wanted here, not '{text}'");
    }

    /// <summary>A whole number; decimal or, for register addresses, hexadecimal as 0x34.</summary>
    public long AsInteger(long min = long.MinValue, long max = long.MaxValue)
    {
        var text = AsText();
        var parsed = text.StartsWith("0x", StringComparison.Ordinal)
            ? long.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value)
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
        if (!parsed)
            throw Error($"a whole number is wanted here, not '{text}'");
        if (value < min || value > max)
            throw Error($"{value} is out of range; {min} to {max} is right");
        return value;
    }

    /// <summary><c>true</c> or <c>false</c>, nothing else.</summary>
    public bool AsBoolean() => AsText() switch
    {
        "true" => true,
        "false" => false,
        var text => throw Error($"true or false is wanted here, not '{text}'"),
    };

    /// <summary>A number with its unit, returned in SI units.</summary>
    public double AsQuantity(Dimension dimension) =>
        UnitText.TryParse(AsText(), dimension, out var value, out var problem) ? value : throw Error(problem);

    /// <summary>One of a closed set of words.</summary>
    public string AsOneOf(params ReadOnlySpan<string> words)
    {
        var text = AsText();
        foreach (var word in words)
        {
            if (word == text)
                return text;
        }

        throw Error($"'{text}' is not known here; {Nearest.Suggest(text, words)}");
    }

    private string Kind => _node switch
    {
        YamlMappingNode => "a mapping",
        YamlSequenceNode => "a list",
        YamlScalarNode scalar => $"'{scalar.Value}'",
        _ => "this",
    };
}
