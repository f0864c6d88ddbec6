using System.Security.Cryptography;
using System.Text;

using MeterLab.Estimators.Csv;

namespace MeterLab.Orchestrator.Studies;

/// <summary>The two files of a recording, opened and known to be what they should be.</summary>
internal sealed record RecordingFiles(string Name, CsvTable Experiments, CsvTable Images, string Sha256)
{
    /// <summary>What the image file's name has more than the other's.</summary>
    public const string ImageEnding = "_image_analysis.csv";

    // Changes whenever the same files are to be read differently, so that an old import does not stand in for a new one.
    private const string ReaderVersion = "study-reader-1";

    /// <summary>The columns without which an experiment says nothing.</summary>
    public static readonly string[] Columns =
        ["run_id", "start_time", "end_time", "metrics.running_time_total", "metrics.power_draw_total", "params.architecture", "params.model"];

    /// <summary>Opens a pair; gives the reason in words where it is none.</summary>
    public static (RecordingFiles? Files, string? Problem) Open(string name, byte[] experiments, byte[] images)
    {
        if (CsvTable.Parse(experiments) is not { } runs)
            return (null, $"{name}.csv is empty");
        if (CsvTable.Parse(images) is not { } readings)
            return (null, $"{name}{ImageEnding} is empty");
        if (runs.HeaderDefect is { } defect)
            return (null, $"{name}.csv: {defect}");
        // The first column of the image file has no name.
        if (readings.Header.Count < 2 || readings.IndexOf("value") < 1)
            return (null, $"{name}{ImageEnding} lacks the column value");
        var missing = Columns.Where(column => runs.IndexOf(column) < 0).ToArray();
        if (missing.Length > 0)
            return (null, $"{name}.csv lacks {string.Join(", ", missing)}");

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(ReaderVersion));
        hash.AppendData(SHA256.HashData(experiments));
        hash.AppendData(SHA256.HashData(images));
        return (new RecordingFiles(name, runs, readings, Convert.ToHexStringLower(hash.GetHashAndReset())), null);
    }
}
