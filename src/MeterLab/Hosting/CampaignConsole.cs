using System.Globalization;

using MeterLab.Cli.Rendering.Text;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Hosting;

/// <summary>What a person sees of a campaign on a terminal: progress on standard error, the outcome as a table.</summary>
internal static class CampaignConsole
{
    /// <summary>A line of standard error for each thing that begins.</summary>
    public static IProgress<CampaignProgress> Progress(Session session) => new Lines(session);

    /// <summary>0 where all is well, 1 where a run failed, 3 where one is not valid.</summary>
    public static int ExitCodeOf(CampaignResults results)
    {
        if (results.Runs.Any(run => run.Outcome != "passed"))
            return ExitCode.Failed;
        return results.Runs.All(run => run.Valid) ? ExitCode.Success : ExitCode.NotValid;
    }

    /// <summary>Runs and summary as tables.</summary>
    public static void Write(TextWriter text, CampaignResults results)
    {
        text.WriteLine(Failures.Plain($"campaign {results.Id} on {results.Rig}: {results.Runs.Count} runs, {results.Runs.Count(run => run.Valid)} valid"));
        text.WriteLine();
        var runs = new TextTable("run", "workload", "seconds", "meter", "energy", "+/- (95 %)", "outcome", "findings");
        foreach (var run in results.Runs)
        {
            var worst = run.Findings.Where(f => f.Severity != "note").Select(f => f.Rule).Distinct();
            runs.Add(
                run.Run[(run.Run.LastIndexOf('.') + 1)..], run.Workload, Figures.Of(run.DurationS, "s"), run.Meter?.Meter ?? "-",
                Figures.Of(run.Meter?.EnergyJ, "J"), Figures.Of(run.Meter?.UncertaintyJ, "J"), run.Valid ? run.Outcome : run.Outcome + ", not valid", string.Join(' ', worst));
        }

        runs.Write(text);
        if (results.Summary.Count == 0)
            return;
        text.WriteLine();
        var summary = new TextTable("group", "estimator", "n", "bias", "95 % interval", "mean |error|");
        foreach (var row in results.Summary)
        {
            summary.Add(
                row.Group, row.Estimator, row.N.ToString(CultureInfo.InvariantCulture), Figures.Of(row.BiasPct, "%"),
                row.BiasCi95Pct is { } ci ? string.Create(CultureInfo.InvariantCulture, $"{ci[0]:0.0} to {ci[1]:0.0} %") : "-", Figures.Of(row.MaePct, "%"));
        }

        summary.Write(text);
    }

    // Reports in the order of reporting: Progress<T> would post them to the thread pool.
    private sealed class Lines(Session session) : IProgress<CampaignProgress>
    {
        public void Report(CampaignProgress value) => session.Note(string.Create(CultureInfo.InvariantCulture, $"[{value.Done}/{value.Total}] {value.Message}"));
    }
}
