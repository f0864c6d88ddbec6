using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Rendering.Html.Sections;

/// <summary>What is needed to find the raw data behind this report and to repeat it.</summary>
internal static class ProvenanceSection
{
    public static void Write(HtmlWriter html, ReportContext context)
    {
        var results = context.Results;
        html.Open("dl", ("class", "facts"));
        Fact(html, "Campaign", results.Campaign);
        Fact(html, "Identity in the store", results.Id);
        Fact(html, "Rig", results.Rig);
        Fact(html, "Started", Figures.Moment(results.Started));
        Fact(html, "Ended", Figures.Moment(results.Ended));
        Fact(html, "Seed of the order", results.Seed is { } seed ? Figures.Whole(seed) : Figures.Missing);
        Fact(html, "Tolerance", "±" + Figures.Percent(results.TolerancePct));
        Fact(html, "MeterLab", results.MeterlabVersion);
        foreach (var estimator in results.Runs.SelectMany(run => run.Estimators).GroupBy(result => result.Estimator, StringComparer.Ordinal))
            Fact(html, $"Estimator {estimator.Key}", VersionsOf(estimator.Select(result => result.Version)));
        foreach (var meter in results.Runs.SelectMany(ReportContext.MetersOf).Select(meter => $"{meter.Meter}/{meter.Channel}, {meter.Scope}, {meter.Role}").Distinct(StringComparer.Ordinal))
            Fact(html, "Meter", meter);
        if (context.Provenance is { } provenance)
            Inputs(html, provenance);
        html.Close();
        html.Element("p", "Runs are named here without the campaign's id; in the store and on the command line a run is the campaign's id, a dot, and this name. "
            + "Each number can be followed to the raw samples. A run's energy is computed from the chunks of the traces named below; "
            + $"{ExampleOf(context)} writes their samples to a file, meterlab store verify checks every chunk against its stored checksum, and "
            + $"meterlab reconcile {results.Id} does the whole arithmetic again. results.json has all figures in full precision.");
        if (context.Provenance is { Traces.Count: > 0 } known)
            Traces(html, context, known);
        TableWriter.Write(
            html, "times-table", "Start and end of each run on the lab's time line (UTC)" + context.ListedNote, [new("Run"), new("Start"), new("End")],
            context.Listed.Select(run => (IReadOnlyList<string>)[run.Run, run.Start ?? Figures.Missing, run.End ?? Figures.Missing]));
    }

    private static void Inputs(HtmlWriter html, ResultProvenance provenance)
    {
        Fact(html, "Results in the store", provenance.ResultId is { } id ? $"row {Figures.Whole(id)} of the table result" : Figures.Missing);
        Fact(html, "Worked out by", provenance.CodeVersion is { } version ? $"MeterLab {version}" : Figures.Missing);
        foreach (var clock in provenance.Clocks)
        {
            var probes = clock is { FirstProbe: { } first, LastProbe: { } last }
                ? $"{Figures.Whole(clock.Probes)} probes, rows {Figures.Whole(first)} to {Figures.Whole(last)} of the table clock_observation"
                : "no probes";
            Fact(html, $"Clock of {clock.Target}", (clock.MapId is { } map ? $"map {Figures.Whole(map)}, fitted from " : "fitted anew from ") + probes);
        }
    }

    private static void Traces(HtmlWriter html, ReportContext context, ResultProvenance provenance) => TableWriter.Write(
        html, "raw-table", "The raw chunks behind the energy of each run; the digest is SHA-256 over the chunks' numbers and CRC-32C sums" + context.ListedNote,
        [new("Run"), new("Meter/channel"), new("Trace", true), new("Chunks"), new("Samples", true), new("Digest"), new("Profile")],
        provenance.Traces.Select(trace => (IReadOnlyList<string>)
        [
            trace.Run, trace.Channel, Figures.Whole(trace.Trace), $"{Figures.Whole(trace.FirstChunk)} to {Figures.Whole(trace.LastChunk)} ({Figures.Whole(trace.Chunks)})",
            Figures.Whole(trace.Samples), trace.Digest[..16], trace.ProfileSha256?[..Math.Min(16, trace.ProfileSha256.Length)] ?? "in code",
        ]));

    private static string ExampleOf(ReportContext context)
    {
        var run = context.Representative ?? context.Results.Runs.FirstOrDefault(candidate => candidate.Meter is not null);
        var channel = context.Provenance?.Traces.FirstOrDefault(trace => trace.Run == run?.Run)?.Channel
            ?? (run?.Meter is { } meter ? $"{meter.Meter.Split('+')[0]}/{meter.Channel.Split('+')[0]}" : null);
        return run is not null && channel is not null
            ? $"meterlab export {context.Results.Id}.{run.Run}/{channel} --out trace.csv"
            : "meterlab export RUN/METER/CHANNEL --out trace.csv";
    }

    private static string VersionsOf(IEnumerable<string?> versions)
    {
        var known = string.Join(", ", versions.OfType<string>().Distinct(StringComparer.Ordinal));
        return known.Length > 0 ? known : "version not told";
    }

    private static void Fact(HtmlWriter html, string name, string value) => html.Element("dt", name).Element("dd", value);
}
