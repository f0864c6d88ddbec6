namespace MeterLab.Measurement;

/// <summary>
/// A file, address or option that a person wrote is wrong. The program ends with exit code 2.
/// </summary>
public sealed class ConfigurationException : MeterLabException
{
    /// <summary>Creates the failure; <paramref name="line"/> counts from 1, 0 where there is no line.</summary>
    public ConfigurationException(string problem, string? file = null, int line = 0, string? key = null, Exception? inner = null)
        : base(Format(problem, file, line, key), inner)
    {
        Problem = problem;
        File = file;
        Line = line;
        Key = key;
    }

    /// <summary>What is wrong and what would be right, without the place.</summary>
    public string Problem { get; }

    /// <summary>The file as the user named it, or null.</summary>
    public string? File { get; }

    /// <summary>The line in <see cref="File"/>, from 1; 0 where there is none.</summary>
    public int Line { get; }

    /// <summary>The dotted key at fault (<c>meters.wall.uri</c>), or null.</summary>
    public string? Key { get; }

    private static string Format(string problem, string? file, int line, string? key)
    {
        var place = file is null ? "" : line > 0 ? $"{file}:{line}: " : $"{file}: ";
        return key is null ? place + problem : $"{place}{key}: {problem}";
    }
}
