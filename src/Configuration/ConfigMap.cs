using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

using YamlDotNet.RepresentationModel;

namespace MeterLab.Configuration;

/// <summary>A mapping of a YAML file. Missing required keys, unknown keys and duplicates are errors with file, line and key.</summary>
public sealed class ConfigMap
{
    private readonly ConfigNode _node;
    private readonly List<(string Key, ConfigNode KeyNode, ConfigNode Value)> _entries = [];

    internal ConfigMap(ConfigNode node, YamlMappingNode mapping)
    {
        _node = node;
        foreach (var (keyNode, valueNode) in mapping.Children)
        {
            var key = keyNode is YamlScalarNode scalar && !string.IsNullOrEmpty(scalar.Value)
                ? scalar.Value
                : throw new ConfigurationException("a key must be a single word", node.File, (int)keyNode.Start.Line);
            var path = node.Path.Length == 0 ? key : $"{node.Path}.{key}";
            _entries.Add((key, new ConfigNode(keyNode, node.File, path), new ConfigNode(valueNode, node.File, path)));
        }
    }

    /// <summary>The place of the mapping itself.</summary>
    public ConfigNode Node => _node;

    /// <summary>Keys and values in the order of the file.</summary>
    public IEnumerable<KeyValuePair<string, ConfigNode>> Entries =>
        _entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value));

    /// <summary>The value of a key; null where it is absent.</summary>
    public ConfigNode? Find(string key)
    {
        foreach (var entry in _entries)
        {
            if (entry.Key == key)
                return entry.Value;
        }

        return null;
    }

    /// <summary>The value of a key that must be there.</summary>
    public ConfigNode Require(string key) => Find(key) ?? throw _node.Error($"the key '{key}' is missing");

    /// <summary>A text, or null where the key is absent.</summary>
    public string? Text(string key) => Find(key)?.AsText();

    /// <summary>A number with a unit in SI units, or null where the key is absent.</summary>
    public double? Quantity(string key, Dimension dimension) => Find(key)?.AsQuantity(dimension);

    /// <summary>A truth value, or the default where the key is absent.</summary>
    public bool Boolean(string key, bool otherwise) => Find(key)?.AsBoolean() ?? otherwise;

    /// <summary>The list under a key, empty where the key is absent.</summary>
    public IReadOnlyList<ConfigNode> List(string key) => Find(key)?.AsList() ?? [];

    internal void Allow(ReadOnlySpan<string> allowed)
    {
        foreach (var (key, keyNode, _) in _entries)
        {
            var known = false;
            foreach (var candidate in allowed)
                known |= candidate == key;
            if (!known)
                throw keyNode.Error($"unknown key '{key}'; {Nearest.Suggest(key, allowed)}");
        }
    }
}
