using MeterLab.Orchestrator.Studies;

namespace MeterLab.Cli.Rendering.Html.Sections;

/// <summary>What the figures of a study were read from, and what was left out.</summary>
internal static class StudyProvenanceSection
{
    public static void Write(HtmlWriter html, StudyReportInput input)
    {
        html.Open("dl", ("class", "facts"))
            .Element("dt", "Study").Element("dd", input.Result.Study)
            .Element("dt", "MeterLab").Element("dd", input.MeterlabVersion);
        html.Close();
        html.Element("p", "The files are kept in the store as they were read; the digest is SHA-256 over both files of a recording. meterlab study import DIR on the same folder says whether anything changed, "
            + $"and meterlab study report --study {input.Result.Study} does the arithmetic again.");
        TableWriter.Write(
            html, "recordings-table", "Recordings", [new("Recording"), new("Experiments", true), new("Left out", true), new("One count of the meter", true), new("SHA-256")],
            input.Recordings.Select(recording => (IReadOnlyList<string>)
            [
                recording.Name, Figures.Whole(recording.Experiments.Count), Figures.Whole(recording.Skipped.Count), Figures.WithUnit(recording.ResolutionJ, "J"), recording.Sha256,
            ]));
        if (input.Recordings.Sum(recording => recording.Skipped.Count) > 0)
        {
            TableWriter.Write(
                html, "skipped-table", "Left out", [new("Run"), new("Recording"), new("Reason")],
                input.Recordings.SelectMany(recording => recording.Skipped.Select(skipped => (IReadOnlyList<string>)[skipped.Run, recording.Name, skipped.Reason])).Take(240));
        }
    }
}
