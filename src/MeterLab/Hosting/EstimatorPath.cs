using MeterLab.Estimators;
using MeterLab.Measurement;

namespace MeterLab.Cli.Hosting;

/// <summary>Reads what an estimator wrote, a file or a folder of files, within bounds.</summary>
internal static class EstimatorPath
{
    private const long MaxFileBytes = 64L << 20;
    private const int MaxFiles = 10_000;

    /// <summary>The files at a path. Throws <see cref="ConfigurationException"/> where there are none, too many, or one that cannot be read.</summary>
    public static IReadOnlyList<EstimatorFile> Load(string path)
    {
        try
        {
            if (File.Exists(path))
                return [Read(path, Path.GetFileName(path))];
            if (!Directory.Exists(path))
                throw new ConfigurationException("there is no such file or folder", path);
            var found = Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Take(MaxFiles + 1).Order(StringComparer.Ordinal).ToList();
            if (found.Count > MaxFiles)
                throw new ConfigurationException($"the folder holds more than {MaxFiles} files; name the one that the estimator wrote", path);
            return [.. found.Select(file => Read(file, Path.GetRelativePath(path, file)))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"it cannot be read: {e.Message}", path, inner: e);
        }
    }

    private static EstimatorFile Read(string path, string name) => new FileInfo(path).Length <= MaxFileBytes
        ? new EstimatorFile(name, File.ReadAllBytes(path))
        : throw new ConfigurationException($"the file is larger than {MaxFileBytes >> 20} MiB; no estimator writes so much", path);
}
