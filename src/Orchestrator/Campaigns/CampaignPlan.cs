using System.Globalization;

using MeterLab.Estimators;
using MeterLab.Measurement;
using MeterLab.Orchestrator.Rigs;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>Every run of a campaign, in the order in which they are made. A pure function of campaign, rig and seed.</summary>
public sealed class CampaignPlan
{
    private const int MaxRuns = 1_000_000;

    private CampaignPlan(Campaign campaign, IReadOnlyList<PlannedRun> runs)
    {
        Campaign = campaign;
        Runs = runs;
    }

    /// <summary>What is planned.</summary>
    public Campaign Campaign { get; }

    /// <summary>The runs, in order.</summary>
    public IReadOnlyList<PlannedRun> Runs { get; }

    /// <summary>The shortest time that the plan's rests and baselines take; the workloads themselves come on top.</summary>
    public TimeSpan Overhead =>
        Runs.Count * (Campaign.Phases.Settle + Campaign.Phases.CoolDown) + Campaign.Targets.Count * Campaign.Phases.Baseline;

    /// <summary>
    /// Workloads x parameters x repetitions on targets. Throws <see cref="ConfigurationException"/> for a plan of more than a million runs.
    /// </summary>
    public static CampaignPlan For(Campaign campaign, Rig rig)
    {
        ArgumentNullException.ThrowIfNull(campaign);
        ArgumentNullException.ThrowIfNull(rig);
        Count(campaign);
        // Repetition outermost: in the order as written, each combination comes once before any comes twice.
        var runs = new List<PlannedRun>();
        var numbers = campaign.Workloads.ToDictionary(workload => workload.Name, _ => 0);
        for (var repetition = 1; repetition <= campaign.Repetitions; repetition++)
        {
            foreach (var target in campaign.Targets.Select(name => Target(rig, name)))
            {
                foreach (var workload in campaign.Workloads)
                {
                    foreach (var parameters in Combinations(workload.Parameters))
                    {
                        foreach (var estimators in EstimatorSets(campaign, target))
                            runs.Add(Plan(target, workload, parameters, repetition, estimators, ++numbers[workload.Name]));
                    }
                }
            }
        }

        var ordered = runs.ToArray();
        if (campaign.Order == RunOrder.Shuffled)
            new SeededShuffle(campaign.Seed).Shuffle<PlannedRun>(ordered);
        return new CampaignPlan(campaign, ordered);
    }

    /// <summary>The same campaign with nothing but these runs.</summary>
    internal CampaignPlan Only(IReadOnlyList<PlannedRun> runs) => new(Campaign, runs);

    private static RigTarget Target(Rig rig, string name) =>
        rig.FindTarget(name) ?? throw new ConfigurationException($"there is no target '{name}' in the rig {rig.File}");

    private static void Count(Campaign campaign)
    {
        var perTarget = campaign.Workloads.Sum(workload => workload.Parameters.Aggregate(1.0, (n, parameter) => n * parameter.Values.Count));
        var total = perTarget * campaign.Repetitions * campaign.Targets.Count;
        if (total > MaxRuns)
            throw new ConfigurationException($"the campaign has {total:N0} runs; at most {MaxRuns:N0} can be planned", campaign.File);
    }

    private static PlannedRun Plan(
        RigTarget target,
        Workload workload,
        IReadOnlyDictionary<string, string> parameters,
        int repetition,
        IReadOnlyList<TargetEstimator> estimators,
        int number) => new()
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"{workload.Name}-{number:00}"),
            Target = target.Name,
            Workload = workload,
            Parameters = parameters,
            Repetition = repetition,
            Estimators = estimators,
            Device = workload.DeviceOn(target.Hardware),
            Command = workload.Command is null ? null : [.. workload.Command.Select(argument => CommandTemplate.Fill(argument, parameters))],
            Environment = parameters.ToDictionary(pair => WorkloadSection.EnvironmentName(pair.Key), pair => pair.Value),
        };

    // The last parameter of the file turns fastest, as nested loops would.
    private static IEnumerable<IReadOnlyDictionary<string, string>> Combinations(IReadOnlyList<WorkloadParameter> parameters)
    {
        IEnumerable<IReadOnlyDictionary<string, string>> combinations = [new Dictionary<string, string>()];
        foreach (var parameter in parameters)
        {
            combinations = combinations.SelectMany(combination => parameter.Values.Select(value =>
                new Dictionary<string, string>(combination.ToDictionary()) { [parameter.Name] = value }));
        }

        return combinations;
    }

    private static IEnumerable<IReadOnlyList<TargetEstimator>> EstimatorSets(Campaign campaign, RigTarget target)
    {
        var estimators = campaign.Estimators is { } names
            ? [.. names.Select(name => TargetEstimator.Of(name, target.Estimators))]
            : target.Estimators;
        return campaign.Isolate && estimators.Count > 0 ? [[], .. estimators.Select(one => new[] { one })] : [estimators];
    }
}
