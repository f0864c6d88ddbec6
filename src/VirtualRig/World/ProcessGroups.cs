using System.Globalization;

namespace MeterLab.VirtualRig.World;

/// <summary>
/// Finds the process groups of workloads: the runner leaves, in a run's folder below a root and in folders inside it for what runs beside
/// the workload, a file <c>pgid</c> with the group's number; a file <c>record</c> says that the run is over. Files older than this object
/// are left alone: their numbers may belong to somebody else by now.
/// </summary>
internal sealed class ProcessGroups(string root)
{
    private const int Depth = 3;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _over = new(StringComparer.Ordinal);
    private readonly DateTime _since = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(-2);

    /// <summary>Process groups announced since the last call.</summary>
    public IReadOnlyList<int> FindNew()
    {
        var found = new List<int>();
        try
        {
            if (Directory.Exists(root))
                Look(root, 0, found);
        }
        catch (DirectoryNotFoundException)
        {
            // A run's folder was cleaned up while it was being listed; the next look lists it no more.
        }

        return found;
    }

    private void Look(string parent, int depth, List<int> found)
    {
        foreach (var folder in Directory.EnumerateDirectories(parent))
        {
            // The folder "work" belongs to the workload and may hold anything.
            if (_over.Contains(folder) || depth > 0 && Path.GetFileName(folder.AsSpan()) is "work")
                continue;
            if (!_known.Contains(folder) && Read(Path.Combine(folder, "pgid")) is { } group)
            {
                _known.Add(folder);
                if (group > 1)
                    found.Add(group);
            }

            if (File.Exists(Path.Combine(folder, "record")))
                _over.Add(folder);
            else if (depth + 1 < Depth)
                Look(folder, depth + 1, found);
        }
    }

    /// <summary>The number in a file; 0 for a file that is to be ignored; null where there is nothing yet.</summary>
    private int? Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            return null;
        if (file.LastWriteTimeUtc < _since)
            return 0;
        try
        {
            var text = File.ReadAllText(path);
            return int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var group) ? group : null;
        }
        catch (IOException)
        {
            // The folder was cleaned up at this moment.
            return null;
        }
    }
}
