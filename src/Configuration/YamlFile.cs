using System.Text;

using MeterLab.Measurement;

using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MeterLab.Configuration;

/// <summary>Loads a strict YAML file: one document, no duplicate keys, every place knowing its line.</summary>
public static class YamlFile
{
    private const long MaxBytes = 4 << 20;

    /// <summary>
    /// Loads the file. Throws <see cref="ConfigurationException"/> naming file and line where it is missing, unreadable,
    /// too large, or not YAML.
    /// </summary>
    public static ConfigNode Load(string path)
    {
        string text;
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxBytes })
                throw new ConfigurationException($"the file is larger than {MaxBytes >> 20} MiB; it cannot be a configuration", path);
            text = File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ConfigurationException("there is no such file", path, inner: e);
        }
        catch (DecoderFallbackException e)
        {
            throw new ConfigurationException("the file is not UTF-8 text", path, inner: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"the file cannot be read: {e.Message}", path, inner: e);
        }

        return Parse(text, path);
    }

    /// <summary>Reads YAML text that came from <paramref name="file"/>. Throws as <see cref="Load"/> does.</summary>
    public static ConfigNode Parse(string text, string file)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            var duplicate = e.Message.Contains("Duplicate key", StringComparison.OrdinalIgnoreCase);
            var problem = duplicate ? $"{e.Message.Split('\n')[0].TrimEnd('.')}: a key may stand only once" : $"not YAML: {e.Message.Split('\n')[0]}";
            throw new ConfigurationException(problem, file, (int)e.Start.Line, inner: e);
        }

        if (stream.Documents.Count != 1)
            throw new ConfigurationException($"one YAML document is wanted, not {stream.Documents.Count}", file, 1);
        return new ConfigNode(stream.Documents[0].RootNode, file, "");
    }
}
