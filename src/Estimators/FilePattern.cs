namespace MeterLab.Estimators;

/// <summary>Patterns of file names: <c>*</c> stands for any part of a name, never for a folder.</summary>
public static class FilePattern
{
    /// <summary>Whether a relative path with forward slashes has the form of a pattern.</summary>
    public static bool Matches(string pattern, string path)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(path);
        var (wanted, found) = (pattern.Split('/'), path.Split('/'));
        return wanted.Length == found.Length && wanted.Zip(found).All(pair => MatchesName(pair.First, pair.Second));
    }

    /// <summary>Whether the end of a path has the form of a pattern: the file may lie in folders below.</summary>
    public static bool MatchesEnd(string pattern, string path)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(path);
        var (depth, names) = (pattern.Split('/').Length, path.Split('/'));
        return names.Length >= depth && Matches(pattern, string.Join('/', names[^depth..]));
    }

    private static bool MatchesName(string pattern, string name)
    {
        var parts = pattern.Split('*');
        if (parts.Length == 1)
            return pattern == name;
        if (!name.StartsWith(parts[0], StringComparison.Ordinal) || !name.EndsWith(parts[^1], StringComparison.Ordinal) || name.Length < parts[0].Length + parts[^1].Length)
            return false;
        var (at, end) = (parts[0].Length, name.Length - parts[^1].Length);
        foreach (var part in parts[1..^1])
        {
            var found = name.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0 || found + part.Length > end)
                return false;
            at = found + part.Length;
        }

        return true;
    }
}
