using System.CommandLine;
using System.Globalization;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Rendering.Text;
using MeterLab.Orchestrator.Campaigns;

namespace MeterLab.Cli.Commands;

/// <summary><c>campaign plan FILE</c>: every run of a campaign file in its order. Touches nothing.</summary>
internal static class CampaignPlanCommand
{
    private sealed record RunRow(
        int Order, string Run, string Target, string Workload, IReadOnlyDictionary<string, string> Parameters, int Repetition,
        string Device, IReadOnlyList<string> Estimators, IReadOnlyList<string>? Command, double TimeoutS);

    private sealed record ScheduleRow(string Cron, string TimeZone);

    private sealed record Document(
        string Campaign, string Rig, string Order, long Seed, double TolerancePct, ScheduleRow? Schedule, IReadOnlyList<RunRow> Runs);

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var file = new Argument<string>("FILE") { Description = "the campaign file" };
        return host.Reading(
            new Command("plan", "every run of a campaign file, in order; runs nothing") { file },
            (arguments, session, _) => Task.FromResult(Run(arguments.GetRequiredValue(file), session)));
    }

    private static int Run(string file, Session session)
    {
        var rig = session.Rig;
        var plan = CampaignPlan.For(CampaignFile.Load(file, rig), rig);
        var campaign = plan.Campaign;
        var document = new Document(
            campaign.Name,
            rig.Name,
            campaign.Order == RunOrder.Shuffled ? "shuffled" : "as-written",
            campaign.Seed,
            campaign.Tolerance * 100,
            campaign.Schedule is { } schedule ? new ScheduleRow(schedule.Cron, schedule.TimeZone) : null,
            [.. plan.Runs.Select(Row)]);
        session.Show(document, text => Write(text, document, plan.Overhead));
        return ExitCode.Success;
    }

#pragma warning disable CA1308 // the fixed words are lower case
    private static RunRow Row(PlannedRun run, int index) => new(
        index + 1, run.Name, run.Target, run.Workload.Name, run.Parameters, run.Repetition, run.Device.ToString().ToLowerInvariant(),
        [.. run.Estimators.Select(estimator => estimator.Name)], run.Command, run.Workload.Timeout.TotalSeconds);
#pragma warning restore CA1308

    private static void Write(TextWriter text, Document plan, TimeSpan overhead)
    {
        text.WriteLine(Failures.Plain(string.Create(CultureInfo.InvariantCulture,
            $"{plan.Campaign} on {plan.Rig}: {plan.Runs.Count} runs, {plan.Order} (seed {plan.Seed}), tolerance {plan.TolerancePct:G6} %")));
        text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"rests and baselines take {overhead.TotalSeconds:G6} s; the workloads come on top"));
        if (plan.Schedule is { } schedule)
            text.WriteLine(Failures.Plain($"scheduled: {schedule.Cron} in {schedule.TimeZone}"));
        text.WriteLine();
        var table = new TextTable("order", "run", "target", "workload", "parameters", "repetition", "device", "estimators");
        foreach (var run in plan.Runs)
        {
            table.Add(
                Figures.Of(run.Order, ""), run.Run, run.Target, run.Workload, string.Join(' ', run.Parameters.Select(pair => $"{pair.Key}={pair.Value}")),
                Figures.Of(run.Repetition, ""), run.Device, string.Join(' ', run.Estimators));
        }

        table.Write(text);
    }
}
