using System.Text.Json;

using MeterLab.Measurement;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Orchestrator.Calibration;

/// <summary>Reads and writes files of calibrations.</summary>
public static class CalibrationFile
{
    /// <summary>What such a file says that it is.</summary>
    public const string Format = "meterlab-calibration-1";

    private const long MostBytes = 16 << 20;
    private const int MostQuoted = 160;

    /// <summary>The file's text.</summary>
    public static string Write(CalibrationDocument document) => JsonSerializer.Serialize(document, ResultsJson.Options) + "\n";

    /// <summary>
    /// Reads a file and checks that it can be applied. Throws <see cref="ConfigurationException"/>, which names the file and what is wrong in it.
    /// </summary>
    public static CalibrationDocument Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            if (!File.Exists(path))
                throw new ConfigurationException("there is no such file; `meterlab calibrate --out FILE.json` writes one", path);
            if (new FileInfo(path).Length > MostBytes)
                throw new ConfigurationException($"the file is larger than {MostBytes >> 20} MiB; it cannot be a calibration", path);
            var document = JsonSerializer.Deserialize<CalibrationDocument>(File.ReadAllText(path), ResultsJson.Options);
            Check(document, path);
            return document!;
        }
        catch (JsonException e)
        {
            throw new ConfigurationException($"it is no file of calibrations: {Where(e)}; `meterlab calibrate --out FILE.json` writes one", path, inner: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"it cannot be read: {e.Message}", path, inner: e);
        }
    }

    // The parser's own message may quote the file's beginning, however long.
    private static string Where(JsonException e)
    {
        var line = e.Message.Split('\n')[0].TrimEnd();
        var place = e.LineNumber is { } number && line.Length > MostQuoted ? FormattableString.Invariant($"… (line {number + 1})") : "";
        return line.Length > MostQuoted ? line[..MostQuoted] + place : line;
    }

    private static void Check(CalibrationDocument? document, string path)
    {
        if (document?.Format != Format)
            throw new ConfigurationException($"its format is '{document?.Format}'; '{Format}' is wanted, as `meterlab calibrate --out FILE.json` writes it", path);
        if (document.Laws is not { Count: > 0 })
            throw new ConfigurationException("there is no calibration in it that could be applied", path);
        foreach (var entry in document.Laws)
        {
            if (Defect(entry) is { } defect)
                throw new ConfigurationException($"its calibration of {entry?.Estimator} in {entry?.Group} cannot be applied: {defect}", path);
        }
    }

    private static string? Defect(CalibrationEntry? entry)
    {
        if (entry is not { Group: not null, Estimator: not null, Coefficients: not null, Covariance: not null, Terms: not null, EstimatePowerW: not null, DurationS: not null })
            return "a part of it is missing";
        var count = entry.Coefficients.Count;
        if (count == 0 || (count == 1 && entry.Terms.Count > 0) || (count > 1 && entry.Terms.Count != count - 2))
            return $"{count} coefficients with {entry.Terms.Count} further terms";
        if (entry.Covariance.Count != count || entry.Covariance.Any(row => row is null || row.Count != count))
            return "its covariance has another size than its coefficients";
        if (entry.EstimatePowerW.Count != 2 || entry.DurationS.Count != 2)
            return "a range has two ends";
        var numbers = entry.Coefficients.Concat(entry.Covariance.SelectMany(row => row)).Concat(entry.EstimatePowerW).Concat(entry.DurationS);
        if (!numbers.All(double.IsFinite) || !(entry.K > 0) || !(entry.RelativeScatter >= 0))
            return "one of its numbers is none";
        return Enumerable.Range(0, count).Any(i => entry.Covariance[i][i] < 0) ? "a variance is negative" : null;
    }
}
