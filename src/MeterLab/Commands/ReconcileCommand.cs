using System.CommandLine;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Rendering.Text;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Orchestrator.Reports;
using MeterLab.Storage;

namespace MeterLab.Cli.Commands;

/// <summary>
/// <c>reconcile ID</c>: an old campaign's arithmetic again, from its raw recordings with today's fits. The new result stands beside the
/// old one in the store. True joules of the virtual rig are not known any more, so <c>truth_j</c> is null.
/// </summary>
internal static class ReconcileCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var id = new Argument<string>("ID") { Description = "a campaign's id, or its name for the latest" };
        return host.Reading(
            new Command("reconcile", "an old campaign's arithmetic again, with today's fits; the old result is kept") { id },
            (arguments, session, _) => Task.FromResult(Run(arguments.GetRequiredValue(id), session)));
    }

    private static int Run(string id, Session session)
    {
        using var store = Store.OpenExisting(session.StorePath, session.Services.StoreOptions);
        var campaign = store.Campaigns.Get(id);
        var old = OldResults(store, campaign.Id, session);
        var results = new CampaignRunner(session.Services.Lab(store, progress: null)).Conclude(campaign.Id);
        session.Show(results, text => Write(text, old, results));
        return results.Runs.All(run => run.Valid) ? ExitCode.Success : ExitCode.NotValid;
    }

    // A result that today's code cannot read is a reason to reconcile, not a hindrance.
    private static CampaignResults? OldResults(Store store, string id, Session session)
    {
        try
        {
            return StoredCampaign.Load(store, id).Results;
        }
        catch (StoreException e) when (e.Failure == StoreFailure.Corrupt)
        {
            session.Note($"the old result cannot be compared with: {e.Message}");
            return null;
        }
    }

    private static void Write(TextWriter text, CampaignResults? old, CampaignResults now)
    {
        text.WriteLine(Failures.Plain($"{now.Id}: reconciled again with version {now.MeterlabVersion}; before with {old?.MeterlabVersion ?? "none"}"));
        text.WriteLine();
        var table = new TextTable("run", "energy before", "energy now", "change", "U (95 %) now", "valid", "verdicts");
        foreach (var run in now.Runs)
        {
            var before = old?.Runs.FirstOrDefault(other => other.Run == run.Run);
            table.Add(
                run.Run, Figures.Of(before?.Meter?.EnergyJ, "J"), Figures.Of(run.Meter?.EnergyJ, "J"), Change(before?.Meter?.EnergyJ, run.Meter?.EnergyJ),
                Figures.Of(run.Meter?.UncertaintyJ, "J", 2), Changed(before is null ? null : YesNo(before.Valid), YesNo(run.Valid)),
                string.Join("; ", run.Estimators.Select(estimator => Verdict(before, estimator))));
        }

        table.Write(text);
    }

    private static string Verdict(RunResult? before, EstimatorResult now)
    {
        var old = before?.Estimators.FirstOrDefault(other => other.Estimator == now.Estimator)?.Verdict;
        return $"{now.Estimator} {Changed(old, now.Verdict)}";
    }

    private static string Changed(string? before, string now) => before is null || before == now ? now : $"{before} -> {now}";

    private static string YesNo(bool valid) => valid ? "yes" : "NO";

    private static string? Change(double? before, double? now) => before is { } a && now is { } b && a != 0
        ? FormattableString.Invariant($"{(b - a) / Math.Abs(a) * 100:+0.0000;-0.0000;0} %")
        : null;
}
