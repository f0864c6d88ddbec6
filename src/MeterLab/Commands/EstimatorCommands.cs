using System.CommandLine;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Rendering.Text;
using MeterLab.Estimators;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;
using MeterLab.Orchestrator.Reconciliation;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Commands;

/// <summary><c>estimator list</c>: what each estimator covers and what it cannot see.</summary>
internal static class EstimatorListCommand
{
    private sealed record Defect(string Versions, string What, string? Finding);

    private sealed record Need(string Kind, string Name, bool Essential, string Otherwise);

    private sealed record Row(
        string Estimator, IReadOnlyList<string> Scope, string Covers, string LeavesOut, bool RunsOnTarget, string Clock, string Install,
        IReadOnlyList<Need> Needs, IReadOnlyList<Defect> Defects, IReadOnlyList<string> OwnFiles, bool FormatVerified, string Source);

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host) => host.Reading(
        new Command("list", "the estimators that are known, and what each covers"), (_, session, _) => Task.FromResult(Run(session)));

    private static int Run(Session session)
    {
        var rows = EstimatorCatalog.All.Select(estimator => estimator.Facts)
            .Select(ToRow).ToList();
        session.Show(rows, text => Write(text, rows));
        return ExitCode.Success;
    }

    private static Row ToRow(EstimatorFacts facts) => new(
        facts.Name, [.. facts.Scopes.Select(Scopes.NameOf)], facts.Covers, facts.LeavesOut, facts.RunsOnTarget, facts.Clock, facts.Install,
        [.. facts.Needs.Select(need => new Need(Word(need.Kind), need.Name, need.Essential, need.Otherwise))],
        [.. facts.Defects.Select(defect => new Defect(defect.Versions, defect.What, defect.Finding))], facts.OwnFiles, facts.FormatVerified, facts.Source);

    private static string Word(NeedKind kind) => kind switch { NeedKind.Program => "program", NeedKind.ReadableFile => "readable-file", NeedKind.AbsentFile => "absent-file", _ => "python-module" };

    private static void Write(TextWriter text, List<Row> rows)
    {
        foreach (var row in rows)
        {
            text.WriteLine($"{row.Estimator}  [{string.Join(' ', row.Scope)}]  {(row.RunsOnTarget ? "runs on the target" : "computed from what is known of the run")}");
            text.WriteLine($"    covers:     {row.Covers}");
            text.WriteLine($"    leaves out: {row.LeavesOut}");
            text.WriteLine($"    clock:      {row.Clock}");
            text.WriteLine($"    to install: {row.Install}");
            foreach (var defect in row.Defects)
                text.WriteLine($"    defect:     {defect.Versions}: {defect.What}{(defect.Finding is { } finding ? $" (finding {finding})" : "")}");
            if (!row.FormatVerified)
                text.WriteLine("    remark:     the reader of its files was never tried on a genuine one (finding format-unverified)");
        }
    }
}

/// <summary><c>estimator read NAME PATH</c>: what an estimator's file or folder says, row by row.</summary>
internal static class EstimatorReadCommand
{
    private sealed record RowDocument(
        string? Run, string? Task, string? Project, double? EnergyJ, IReadOnlyDictionary<string, double> ComponentsJ, double? DurationS,
        string? EndedLocal, double Pue, bool Cumulative, bool Predicted, string? Version, IReadOnlyList<FindingRow> Findings);

    private sealed record Document(string Estimator, string? Version, IReadOnlyList<RowDocument> Rows, IReadOnlyList<FindingRow> Findings);

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var name = new Argument<string>("NAME") { Description = "the estimator, as estimator list names it, or the path of a YAML file that describes one" };
        var path = new Argument<string>("PATH") { Description = "the file or folder that it wrote" };
        return host.Reading(
            new Command("read", "what an estimator's file or folder says, row by row") { name, path },
            (arguments, session, _) => Task.FromResult(Run(arguments.GetRequiredValue(name), arguments.GetRequiredValue(path), session)));
    }

    private static int Run(string name, string path, Session session)
    {
        var output = EstimatorCatalog.Find(name).Read(EstimatorPath.Load(path));
        var document = new Document(output.Estimator, output.Version, [.. output.Rows.Select(Row)], [.. output.Findings.Select(FindingRows.Of)]);
        session.Show(document, text => Write(text, document));
        return ExitCode.Success;
    }

    private static RowDocument Row(EstimatorRow row) => new(
        row.Run, row.Task, row.Project, row.EnergyJ, row.ComponentsJ, row.DurationS, row.EndedLocal, row.Pue, row.Cumulative, row.Predicted,
        row.Version, [.. row.Findings.Select(FindingRows.Of)]);

    private static void Write(TextWriter text, Document document)
    {
        text.WriteLine(Failures.Plain($"{document.Estimator} {document.Version}"));
        text.WriteLine();
        var table = new TextTable("run", "task", "project", "energy", "components", "duration", "ended (local)", "pue", "remarks");
        foreach (var row in document.Rows)
        {
            table.Add(
                row.Run, row.Task, row.Project, Figures.Of(row.EnergyJ, "J"),
                string.Join(' ', row.ComponentsJ.Select(pair => $"{pair.Key} {Figures.Of(pair.Value, "J")}")),
                Figures.Of(row.DurationS, "s"), row.EndedLocal, Figures.Of(row.Pue, ""),
                string.Join(' ', Remarks(row)));
        }

        table.Write(text);
        foreach (var finding in document.Findings.Concat(document.Rows.SelectMany(row => row.Findings)))
            text.WriteLine(Failures.Plain($"{finding.Severity}: {finding.Rule}: {finding.Detail}"));
    }

    private static IEnumerable<string> Remarks(RowDocument row)
    {
        if (row.Cumulative)
            yield return "cumulative";
        if (row.Predicted)
            yield return "predicted";
        foreach (var finding in row.Findings)
            yield return finding.Rule;
    }
}
