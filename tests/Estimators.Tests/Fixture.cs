using MeterLab.TestKit;

namespace MeterLab.Estimators.Tests;

/// <summary>Recorded outputs as the program gets them.</summary>
internal static class Fixture
{
    public static string Root { get; } = RepositoryFiles.Path("tests", "Estimators.Tests", "Fixtures");

    /// <summary>All files of a folder, the hidden ones included.</summary>
    public static IReadOnlyList<EstimatorFile> Folder(string folder, string? root = null)
    {
        var path = Path.Combine(root ?? Root, folder);
        return [.. Directory.GetFiles(path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Order(StringComparer.Ordinal)
            .Select(file => new EstimatorFile(Path.GetRelativePath(path, file).Replace('\\', '/'), File.ReadAllBytes(file)))];
    }

    public static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static EstimatorFile Csv(string text, string name = "emissions.csv") => new(name, System.Text.Encoding.UTF8.GetBytes(text));
}
