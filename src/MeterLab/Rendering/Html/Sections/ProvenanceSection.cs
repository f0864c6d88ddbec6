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
        Fact(html, "Started (UTC)", results.Started);
        Fact(html, "Ended (UTC)", results.Ended ?? Figures.Missing);
        Fact(html, "Seed of the order", results.Seed is { } seed ? Figures.Whole(seed) : Figures.Missing);
        Fact(html, "Tolerance", "±" + Figures.Percent(results.TolerancePct));
        Fact(html, "MeterLab", results.MeterlabVersion);
        foreach (var estimator in results.Runs.SelectMany(run => run.Estimators).GroupBy(result => result.Estimator, StringComparer.Ordinal))
            Fact(html, $"Estimator {estimator.Key}", VersionsOf(estimator.Select(result => result.Version)));
        foreach (var meter in results.Runs.SelectMany(ReportContext.MetersOf).Select(meter => $"{meter.Meter}/{meter.Channel}, {meter.Scope}, {meter.Role}").Distinct(StringComparer.Ordinal))
            Fact(html, "Meter", meter);
        html.Close();
        html.Element("p", "Every figure above can be computed again from the recorded samples: meterlab export RUN/METER/CHANNEL writes those of one run, results.json beside this file has all figures in full precision.");
        TableWriter.Write(
            html, "times-table", "Start and end of each run on the lab's time line (UTC)", [new("Run"), new("Start"), new("End")],
            results.Runs.Select(run => (IReadOnlyList<string>)[run.Run, run.Start ?? Figures.Missing, run.End ?? Figures.Missing]));
    }

    private static string VersionsOf(IEnumerable<string?> versions)
    {
        var known = string.Join(", ", versions.OfType<string>().Distinct(StringComparer.Ordinal));
        return known.Length > 0 ? known : "version not told";
    }

    private static void Fact(HtmlWriter html, string name, string value) => html.Element("dt", name).Element("dd", value);
}
