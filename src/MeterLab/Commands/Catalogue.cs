using System.CommandLine;

using MeterLab.Cli.Hosting;

namespace MeterLab.Cli.Commands;

/// <summary>The commands of the contract, section 4, in its order.</summary>
internal static class Catalogue
{
    /// <summary>All top-level commands.</summary>
    public static IEnumerable<Command> Commands(CommandHost host) =>
    [
        DemoCommand.Build(host),
        InitCommand.Build(host),
        CheckCommand.Build(host),
        new Command("meter", "meters: what is known, what they say")
        {
            MeterModelsCommand.Build(host),
            MeterReadCommand.Build(host),
            MeterWatchCommand.Build(host),
            MeterRecordCommand.Build(host),
            MeterScanCommand.Build(host),
            new Command("settings", "how a meter is set, against what it must be set to")
            {
                MeterSettingsCommands.BuildDiff(host),
                MeterSettingsCommands.BuildApply(host),
            },
        },
        new Command("target", "machines under test") { TargetCheckCommand.Build(host) },
        ClockCommand.Build(host),
        new Command("rig", "what is wired to what") { RigIdentifyCommand.Build(host) },
        new Command("baseline", "machines at rest: their idle power, and how it changes")
        {
            BaselineMeasureCommand.Build(host),
            BaselineShowCommand.Build(host),
            BaselineHistoryCommand.Build(host),
        },
        new Command("campaign", "campaigns: what they will do, what they did")
        {
            CampaignPlanCommand.Build(host),
            CampaignRunCommand.Build(host),
            CampaignResumeCommand.Build(host),
            CampaignListCommand.Build(host),
            CampaignShowCommand.Build(host),
            CampaignCompareCommand.Build(host),
        },
        ReconcileCommand.Build(host),
        new Command("run", "what a person says of a run")
        {
            RunCommands.BuildExclude(host),
            RunCommands.BuildInclude(host),
            RunCommands.BuildNote(host),
        },
        CalibrateCommand.Build(host),
        ReportCommand.Build(host),
        new Command("study", "recordings made elsewhere")
        {
            StudyImportCommand.Build(host),
            StudyReportCommand.Build(host),
            StudyApplyCommand.Build(host),
        },
        new Command("estimator", "estimators: what they cover, what they wrote")
        {
            EstimatorListCommand.Build(host),
            EstimatorReadCommand.Build(host),
        },
        EnergyCommand.Build(host),
        ExportCommand.Build(host),
        ServeCommand.Build(host),
        new Command("store", "the store: what is in it, whether it is sound")
        {
            StoreInfoCommand.Build(host),
            StoreVerifyCommand.Build(host),
            StorePruneCommand.Build(host),
        },
    ];
}
