using System.Formats.Tar;

using MeterLab.Estimators;

namespace MeterLab.Orchestrator.Targets;

/// <summary>Brings what an estimator wrote beside a run to the lab: plain files only, below its folder only, within bounds.</summary>
public static class RunFolder
{
    private const int MaxFiles = 1000;
    private const int MaxListed = 10_000;
    private static readonly TimeSpan PackDeadline = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Fetches every file of an estimator's folder, ordered by path. Links and devices are left where they are. Throws
    /// <see cref="TargetException"/> for more than <paramref name="maxBytes"/> in all, for more than 1000 files, and for a name that
    /// leads out of the folder.
    /// </summary>
    public static async Task<IReadOnlyList<EstimatorFile>> FetchAsync(
        ITarget target, WorkloadRun run, string companion, long maxBytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(run);
        return await FetchAsync(target, run.CompanionDirectory(companion), companion, ["."], maxBytes, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Fetches those files of the workload's own folder whose path ends as one of the patterns; none where there is none. Throws as the
    /// other does, and for a folder with more than 10 000 files.
    /// </summary>
    public static async Task<IReadOnlyList<EstimatorFile>> FetchOwnAsync(
        ITarget target, WorkloadRun run, IReadOnlyList<string> patterns, long maxBytes, CancellationToken cancellationToken)
    {
        const string Script = """cd "$1" && find . -type f | head -n "$2" """;
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(run);
        var found = await target.RunAsync(
            ["sh", "-c", Script, "list", $"{run.StateDirectory}/work", (MaxListed + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)],
            new CommandOptions(PackDeadline), cancellationToken).ConfigureAwait(false);
        if (found.ExitCode != 0)
            throw Failure(target, $"looking through the workload's folder failed: {found.Error.Trim()}");
        var names = found.Output.Split('\n').Where(name => name.StartsWith("./", StringComparison.Ordinal)).ToArray();
        if (names.Length > MaxListed)
            throw Failure(target, $"the workload left more than {MaxListed} files in its folder; the estimator's are not looked for among them");
        var wanted = names.Where(name => patterns.Any(pattern => FilePattern.MatchesEnd(pattern, name[2..]))).Order(StringComparer.Ordinal).ToArray();
        return wanted.Length == 0
            ? []
            : await FetchAsync(target, run.StateDirectory, "the workload", wanted, maxBytes, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<IReadOnlyList<EstimatorFile>> FetchAsync(
        ITarget target, string state, string whose, string[] names, long maxBytes, CancellationToken cancellationToken)
    {
        var packed = await target.RunAsync(
            ["tar", "-cf", $"{state}/work.tar", "-C", $"{state}/work", .. names], new CommandOptions(PackDeadline), cancellationToken)
            .ConfigureAwait(false);
        if (packed.ExitCode != 0)
            throw Failure(target, $"packing the files of {whose} failed: {packed.Error.Trim()}");
        var bytes = await target.FetchAsync($"{state}/work.tar", maxBytes, cancellationToken).ConfigureAwait(false)
            ?? throw Failure(target, $"the packed files of {whose} are gone");
        try
        {
            return Unpack(target, whose, bytes);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw Failure(target, $"the packed files of {whose} are damaged: {e.Message}");
        }
    }

    internal static IReadOnlyList<EstimatorFile> Unpack(ITarget target, string companion, byte[] archive)
    {
        var files = new List<EstimatorFile>();
        using var stream = new MemoryStream(archive);
        using var reader = new TarReader(stream);
        while (reader.GetNextEntry(copyData: true) is { } entry)
        {
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile))
                continue;
            var path = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
            try
            {
                WorkloadSpecs.CheckRelative(path);
            }
            catch (ArgumentException e)
            {
                throw Failure(target, $"{companion} left a file that is not fetched: {e.Message}");
            }

            if (files.Count == MaxFiles)
                throw Failure(target, $"{companion} left more than {MaxFiles} files");
            var content = new byte[entry.Length];
            entry.DataStream?.ReadExactly(content);
            files.Add(new EstimatorFile(path, content));
        }

        files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return files;
    }

    private static TargetException Failure(ITarget target, string message) => new(TargetFailure.Command, target.Name, message);
}
