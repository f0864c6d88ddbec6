namespace MeterLab.TestKit;

/// <summary>Finds files of the repository from a test's output folder.</summary>
public static class RepositoryFiles
{
    /// <summary>The folder that holds MeterLab.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A path below <see cref="Root"/>.</summary>
    public static string Path(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Root, .. parts]);

    /// <summary>The folder <c>shared</c> beside the repository where reference recordings lie, or null where it is absent.</summary>
    public static string? Shared
    {
        get
        {
            var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(Root, "..", "shared"));
            return Directory.Exists(path) ? path : null;
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "MeterLab.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("The tests run outside the repository: MeterLab.sln was not found above the output folder.");
    }
}
