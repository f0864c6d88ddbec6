using System.Globalization;

namespace MeterLab.MeterDrivers.Links;

/// <summary>Finds out who holds a port, so that "busy" can name the program to stop.</summary>
internal static class SerialHolder
{
    /// <summary>The program that has <paramref name="path"/> open, as <c>minicom (process 1234)</c>; null where this user cannot see it.</summary>
    internal static string? Find(string path)
    {
        var target = Resolve(path);
        string? self = null;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var process) || !Holds(folder, target))
                continue;
            if (process != Environment.ProcessId)
                return $"{NameOf(folder)} (process {process})";
            self = "this program itself, for another meter";
        }

        return self;
    }

    private static bool Holds(string folder, string target)
    {
        try
        {
            foreach (var descriptor in Directory.EnumerateFiles(Path.Combine(folder, "fd")))
            {
                if (new FileInfo(descriptor).LinkTarget == target)
                    return true;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another user's process, or one that has just ended: it stays unnamed, which costs only the hint.
        }

        return false;
    }

    private static string NameOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "comm")).Trim();
        }
        catch (IOException)
        {
            // It ended between the two looks.
            return "a program";
        }
    }

    /// <summary>The device file behind a chain of symbolic links.</summary>
    internal static string Resolve(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        }
        catch (IOException)
        {
            // The path went away since; then nobody is found by it.
            return path;
        }
    }
}
