namespace MeterLab.Configuration;

/// <summary>Paths as people write them in configuration files.</summary>
public static class FilePaths
{
    /// <summary>
    /// The absolute path that <paramref name="path"/>, written in <paramref name="file"/>, stands for: <c>~/</c> is the account's
    /// home, anything relative lies beside the file.
    /// </summary>
    public static string Beside(string file, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path == "~" || path.StartsWith("~/", StringComparison.Ordinal))
            return Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[1..]);
        var folder = Path.GetDirectoryName(Path.GetFullPath(file)) ?? "/";
        return Path.GetFullPath(path, folder);
    }
}
