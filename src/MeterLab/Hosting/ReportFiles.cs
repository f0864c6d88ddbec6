using NodaTime.Text;

using MeterLab.Cli.Rendering.Csv;
using MeterLab.Cli.Rendering.Html;
using MeterLab.Configuration;
using MeterLab.Measurement;
using MeterLab.Measurement.Samples;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Hosting;

/// <summary>Writes a stored campaign's report into a folder: report.html, results.json, and the three CSV files.</summary>
internal static class ReportFiles
{
    // Around a run so much of its trace is drawn, and loaded on top for a meter that is late.
    private const long MarginNs = 5_000_000_000;

    private const int BufferBytes = 1 << 16;

    /// <summary>The formats that can be asked for.</summary>
    public static readonly IReadOnlyList<string> Formats = ["html", "json", "csv"];

    /// <summary>Reads a list of formats with commas; throws with the nearest known one.</summary>
    public static IReadOnlyList<string> ParseFormats(string list, IReadOnlyList<string> known)
    {
        var formats = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var unknown in formats.Where(format => !known.Contains(format)))
            throw new ConfigurationException($"--format: '{unknown}' is not known here; {Nearest.Suggest(unknown, [.. known])}");
        return formats.Length > 0 ? formats : throw new ConfigurationException($"--format: one of {string.Join(", ", known)} is wanted");
    }

    /// <summary>Writes the files of these formats; returns their paths.</summary>
    public static async Task<IReadOnlyList<string>> WriteAsync(
        StoredCampaign campaign, IReadOnlyCollection<string> formats, string folder, CancellationToken cancellationToken)
    {
        var results = campaign.RequireResults();
        var files = new List<ReportFile>();
        if (formats.Contains("html"))
            files.Add(ReportFile.OfText("report.html", () => ReportHtml.Render(Input(campaign, results))));
        if (formats.Contains("json"))
            files.Add(ReportFile.OfJson("results.json", results));
        if (formats.Contains("csv"))
        {
            files.Add(ReportFile.OfText("runs.csv", () => ResultsCsv.Runs(results)));
            files.Add(ReportFile.OfText("summary.csv", () => ResultsCsv.Summary([.. results.Summary, .. results.Breakdown])));
            files.Add(ReportFile.OfText("calibration.csv", () => ResultsCsv.Calibration(results.Calibration)));
        }

        return await WriteAsync(files, folder, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes files into a folder, which is made where it is missing; returns their paths.</summary>
    public static async Task<IReadOnlyList<string>> WriteAsync(
        IReadOnlyList<ReportFile> files, string folder, CancellationToken cancellationToken)
    {
        if (files.Count == 0)
            return [];
        var paths = files.Select(file => Path.Combine(folder, file.Name)).ToList();
        try
        {
            Directory.CreateDirectory(folder);
            for (var i = 0; i < files.Count; i++)
            {
                await using var stream = new FileStream(paths[i], FileMode.Create, FileAccess.Write, FileShare.Read, BufferBytes, useAsync: true);
                await files[i].WriteAsync(stream, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"--out {folder}: the report cannot be written: {e.Message}", inner: e);
        }

        return paths;
    }

    private static ReportInput Input(StoredCampaign campaign, CampaignResults results) => new()
    {
        Results = results,
        Traces = Traces(campaign, results),
        Baselines = StoredProvenance.Baselines(campaign, results),
        Pruned = campaign.Store.Pruning.WordsOf(campaign.Record.Id),
        Provenance = StoredProvenance.Of(campaign, RunSelection.Choose(results)),
    };

    private static List<PowerTracePlot> Traces(StoredCampaign campaign, CampaignResults results)
    {
        var plots = new List<PowerTracePlot>();
        foreach (var run in TraceSelection.Choose(results))
        {
            if (Trace(campaign, run) is { } plot)
                plots.Add(plot);
        }

        return plots;
    }

    // A sum of several channels has no single trace to draw.
    private static PowerTracePlot? Trace(StoredCampaign campaign, RunResult run)
    {
        if (run is not { Meter: { } meter, Start: not null, End: not null } || meter.Meter.Contains('+') || meter.Channel.Contains('+'))
            return null;
        var (start, end) = (UtcNs(run.Start), UtcNs(run.End));
        if (end <= start)
            return null;
        var power = campaign.Power(
            new ChannelId(meter.Meter, meter.Channel), start - 2 * MarginNs, end + 2 * MarginNs, run.Clock?.MeterLagS, new List<Finding>());
        if (power is not { } found)
            return null;
        var (times, watts) = Around(found.Series, found.Line.FromUtcNs(start), found.Line.FromUtcNs(end));
        return times.Count == 0 ? null : PowerTracePlot.Of(run, meter, times, watts, 0, (end - start) * 1e-9, EdgeUncertainty(run.Clock));
    }

    private static (List<double> TimesS, List<double> Watts) Around(PowerSeries series, long startNs, long endNs)
    {
        var times = new List<double>();
        var watts = new List<double>();
        for (var i = 0; i < series.Count; i++)
        {
            var ns = series.EndNs[i];
            if (ns < startNs - MarginNs || ns > endNs + MarginNs)
                continue;
            // A gap breaks the line instead of being bridged by it.
            if (times.Count > 0 && ns - series.EndNs[i - 1] > series.GapSeconds * 1e9)
            {
                times.Add((series.EndNs[i - 1] - startNs) * 1e-9 + series.PeriodSeconds);
                watts.Add(double.NaN);
            }

            times.Add((ns - startNs) * 1e-9);
            watts.Add(series.Watts[i]);
        }

        return (times, watts);
    }

    private static double? EdgeUncertainty(ClockResult? clock) => clock?.UncertaintyS is { } offset
        ? Math.Sqrt(offset * offset + (clock.MeterLagUncertaintyS ?? 0) * (clock.MeterLagUncertaintyS ?? 0))
        : null;

    /// <summary>A time of results.json as ns since 1970.</summary>
    public static long UtcNs(string time)
    {
        var parsed = InstantPattern.ExtendedIso.Parse(time);
        return parsed.Success
            ? (long)(parsed.Value - NodaTime.NodaConstants.UnixEpoch).ToInt64Nanoseconds()
            : throw new ConfigurationException($"'{time}' is no time; results.json was written by something else", inner: parsed.Exception);
    }
}
