using System.Formats.Tar;

using MeterLab.Estimators;

namespace MeterLab.Orchestrator.Targets;

/// <summary>Brings what an estimator wrote beside a run to the lab: plain files only, below its folder only, within bounds.</summary>
public static class RunFolder
{
    private const int MaxFiles = 1000;
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
        var state = run.CompanionDirectory(companion);
        var packed = await target.RunAsync(
            ["tar", "-cf", $"{state}/work.tar", "-C", $"{state}/work", "."], new CommandOptions(PackDeadline), cancellationToken)
            .ConfigureAwait(false);
        if (packed.ExitCode != 0)
            throw Failure(target, $"packing the files of {companion} failed: {packed.Error.Trim()}");
        var bytes = await target.FetchAsync($"{state}/work.tar", maxBytes, cancellationToken).ConfigureAwait(false)
            ?? throw Failure(target, $"the packed files of {companion} are gone");
        try
        {
            return Unpack(target, companion, bytes);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw Failure(target, $"the packed files of {companion} are damaged: {e.Message}");
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
