using MeterLab.Measurement;
using MeterLab.Storage.Studies;

namespace MeterLab.Orchestrator.Studies;

/// <summary>Reads a folder of recordings: every pair <c>NAME.csv</c> and <c>NAME_image_analysis.csv</c>.</summary>
public static class StudyReader
{
    private const long MostBytes = 256 << 20;

    /// <summary>
    /// The study, named after the folder, and findings about files that were left out. Throws <see cref="ConfigurationException"/> where
    /// the folder is missing, cannot be read, or holds no pair that can be read.
    /// </summary>
    public static (StudyRecord Study, IReadOnlyList<Finding> Findings) Read(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
            throw new ConfigurationException("there is no such folder; a folder with NAME.csv and NAME_image_analysis.csv is wanted", folder);
        try
        {
            return ReadPairs(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"the recordings cannot be read: {e.Message}", folder, inner: e);
        }
    }

    private static (StudyRecord, IReadOnlyList<Finding>) ReadPairs(string folder)
    {
        var names = Directory.GetFiles(folder, "*.csv").Select(Path.GetFileName).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var findings = new List<Finding>();
        var recordings = new List<StudyRecording>();
        foreach (var file in names.Order(StringComparer.Ordinal))
        {
            var isImages = file.EndsWith(RecordingFiles.ImageEnding, StringComparison.Ordinal);
            var name = file[..^(isImages ? RecordingFiles.ImageEnding.Length : ".csv".Length)];
            var partner = name + (isImages ? ".csv" : RecordingFiles.ImageEnding);
            if (!names.Contains(partner))
                findings.Add(Unread($"{file} has no {partner} beside it"));
            else if (!isImages)
                recordings.AddRange(ReadPair(folder, name, findings));
        }

        if (recordings.Count == 0)
        {
            var why = findings.Count == 0 ? "" : $" ({string.Join("; ", findings.Take(2).Select(finding => finding.Detail))})";
            throw new ConfigurationException($"there is no recording to import here: pairs NAME.csv and NAME_image_analysis.csv are wanted{why}", folder);
        }

        return (new StudyRecord(NameOf(folder), recordings), findings);
    }

    private static IEnumerable<StudyRecording> ReadPair(string folder, string name, List<Finding> findings)
    {
        var (files, problem) = RecordingFiles.Open(name, Bytes(folder, name + ".csv"), Bytes(folder, name + RecordingFiles.ImageEnding));
        if (files is not null)
            return [RecordingReader.Read(files)];
        findings.Add(Unread(problem!));
        return [];
    }

    private static byte[] Bytes(string folder, string file)
    {
        var path = Path.Combine(folder, file);
        if (new FileInfo(path).Length > MostBytes)
            throw new ConfigurationException($"the file is larger than {MostBytes >> 20} MiB; it cannot be a recording of this kind", path);
        return File.ReadAllBytes(path);
    }

    private static string NameOf(string folder) =>
        Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))) is { Length: > 0 } name
            ? name
            : throw new ConfigurationException("a folder with a name is wanted, which becomes the study's", folder);

    private static Finding Unread(string why) => new("recording-unread", Severity.Warning, $"{why}; it is not imported");
}
