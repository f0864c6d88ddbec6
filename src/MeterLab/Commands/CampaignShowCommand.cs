using System.CommandLine;
using System.Text.Json;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Rendering.Text;
using MeterLab.Orchestrator.Reports;
using MeterLab.Storage.Campaigns;

namespace MeterLab.Cli.Commands;

/// <summary><c>campaign show ID</c>: one campaign and its runs, with what each came to.</summary>
internal static class CampaignShowCommand
{
    private sealed record EstimatorRow(string Estimator, double? EnergyJ, double? ErrorPct, double? ErrorUncertaintyPct, double K, string Verdict);

    private sealed record RunRow(
        string Run, string Target, string Workload, JsonElement Parameters, int Repetition, string State, string? Outcome, int? ExitCode, bool? Valid,
        double? DurationS, double? EnergyJ, double? UncertaintyJ, double? K, IReadOnlyList<EstimatorRow> Estimators, IReadOnlyList<FindingRow> Findings);

    private sealed record Document(
        string Id, string Campaign, string Rig, string State, string Started, string? Ended, long? Seed, double TolerancePct, string MeterlabVersion,
        IReadOnlyList<RunRow> Runs, IReadOnlyList<FindingRow> Findings);

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var id = new Argument<string>("ID") { Description = "a campaign's id, or its name for the latest" };
        return host.Reading(
            new Command("show", "one campaign and its runs") { id },
            (arguments, session, _) => Task.FromResult(Run(arguments.GetRequiredValue(id), session)));
    }

    private static int Run(string id, Session session)
    {
        using var store = session.OpenStoreForReading();
        var stored = StoredCampaign.Load(store, id);
        var campaign = stored.Record;
        var document = new Document(
            campaign.Id,
            campaign.Name,
            campaign.Rig,
            StoredCampaign.Name(campaign.State),
            Figures.Utc(campaign.StartedUtcNs),
            campaign.EndedUtcNs is { } ended ? Figures.Utc(ended) : null,
            campaign.Seed,
            campaign.TolerancePct,
            campaign.MeterlabVersion,
            [.. store.Runs.OfCampaign(campaign.Id).Select(run => Row(run, stored))],
            stored.Results?.Findings ?? []);
        session.Show(document, text => Write(text, document));
        return ExitCode.Success;
    }

    private static RunRow Row(RunRecord run, StoredCampaign campaign)
    {
        var result = campaign.Results?.Runs.FirstOrDefault(other => other.Run == run.Id);
        return new RunRow(
            run.Id, run.Target, run.Workload, JsonDocument.Parse(run.Parameters).RootElement, run.Repetition, Word(run.State),
            run.Outcome is { } outcome ? Word(outcome) : null, run.ExitCode, result?.Valid, result?.DurationS, result?.Meter?.EnergyJ,
            result?.Meter?.UncertaintyJ, result?.Meter?.K,
            [.. (result?.Estimators ?? []).Select(e => new EstimatorRow(e.Estimator, e.EnergyJ, e.ErrorPct, e.ErrorUncertaintyPct, e.K, e.Verdict))],
            result?.Findings ?? []);
    }

    private static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    private static void Write(TextWriter text, Document campaign)
    {
        text.WriteLine(Failures.Plain($"{campaign.Id} on {campaign.Rig}: {campaign.State}, started {campaign.Started}"));
        text.WriteLine();
        var table = new TextTable("run", "target", "workload", "outcome", "valid", "duration", "meter energy", "U (95 %)", "errors");
        foreach (var run in campaign.Runs)
        {
            table.Add(
                run.Run, run.Target, run.Workload, run.Outcome ?? run.State, run.Valid is { } valid ? (valid ? "yes" : "NO") : null,
                Figures.Of(run.DurationS, "s"), Figures.Of(run.EnergyJ, "J"), Figures.Of(run.UncertaintyJ, "J", 2),
                string.Join("; ", run.Estimators.Select(Error)));
        }

        table.Write(text);
        foreach (var (run, finding) in campaign.Runs.SelectMany(run => run.Findings.Select(finding => (run.Run, finding))).Where(pair => pair.finding.Severity != "note"))
            text.WriteLine(Failures.Plain($"{run}: {finding.Severity}: {finding.Rule}: {finding.Detail}"));
    }

    private static string Error(EstimatorRow row) => row.ErrorPct is { } error
        ? FormattableString.Invariant($"{row.Estimator} {error:+0.0;-0.0} +/- {Figures.Of(row.ErrorUncertaintyPct, "%", 2)} ({row.Verdict})")
        : $"{row.Estimator} - ({row.Verdict})";
}
