using MeterLab.Configuration;
using MeterLab.Estimators;
using MeterLab.Measurement.Quantities;
using MeterLab.Orchestrator.Rigs;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>
/// Reads a campaign file (contract, section 7) against the rig that it runs on. Strict: an unknown key, a missing unit, a wrong type,
/// an unknown target, a placeholder without a parameter, a bad cron expression or time zone is a
/// <see cref="Measurement.ConfigurationException"/> with file, line, key and what would be right.
/// </summary>
public static class CampaignFile
{
    private const int MaxRepetitions = 10_000;

    /// <summary>Reads the file at <paramref name="path"/>.</summary>
    public static Campaign Load(string path, Rig rig) => Read(YamlFile.Load(path), rig);

    /// <summary>Reads a campaign from text; <paramref name="file"/> names it in complaints and anchors its relative paths.</summary>
    public static Campaign Parse(string text, string file, Rig rig) => Read(YamlFile.Parse(text, file), rig);

    private static Campaign Read(ConfigNode root, Rig rig)
    {
        ArgumentNullException.ThrowIfNull(rig);
        var map = root.AsMap(
            "campaign", "targets", "workloads", "repetitions", "order", "seed", "estimators", "isolate", "tolerance", "phases", "schedule");
        return new Campaign
        {
            Name = map.Require("campaign").AsName(),
            File = root.File,
            Targets = ReadTargets(map.Require("targets"), rig),
            Workloads = WorkloadSection.Read(map.Require("workloads")),
            Repetitions = (int)(map.Find("repetitions")?.AsInteger(1, MaxRepetitions) ?? 1),
            Order = map.Find("order")?.AsOneOf("shuffled", "as-written") == "as-written" ? RunOrder.AsWritten : RunOrder.Shuffled,
            Seed = map.Find("seed")?.AsInteger() ?? 1,
            Estimators = map.Find("estimators") is { } estimators ? ReadEstimators(estimators) : null,
            Isolate = map.Boolean("isolate", false),
            Tolerance = map.Find("tolerance")?.AsQuantityIn(Dimension.Ratio, 0, 1, "0% to 100%") ?? 0.05,
            Phases = map.Find("phases") is { } phases ? ReadPhases(phases) : PhaseTimes.Default,
            Schedule = map.Find("schedule") is { } schedule ? ScheduleSection.Read(schedule) : null,
        };
    }

    private static List<string> ReadTargets(ConfigNode node, Rig rig)
    {
        var known = rig.Targets.Select(target => target.Name).ToArray();
        var targets = new List<string>();
        foreach (var item in node.AsList())
        {
            var name = item.AsText();
            if (!known.Contains(name))
            {
                throw item.Error(known.Length == 0
                    ? $"there is no target '{name}'; the rig {rig.File} has no targets"
                    : $"there is no target '{name}' in the rig {rig.File}; {Nearest.Suggest(name, known)}");
            }

            if (targets.Contains(name))
                throw item.Error($"the target '{name}' stands twice");
            targets.Add(name);
        }

        return targets.Count > 0 ? targets : throw node.Error("a campaign needs at least one target");
    }

    private static List<string> ReadEstimators(ConfigNode node)
    {
        var names = new List<string>();
        foreach (var item in node.AsList())
        {
            var name = EstimatorReference.Read(item, item.AsText());
            // Read here, so that a mistake in a description is told before anything runs.
            _ = EstimatorCatalog.Find(name);
            if (names.Contains(name))
                throw item.Error($"the estimator '{name}' stands twice");
            names.Add(name);
        }

        return names;
    }

    private static PhaseTimes ReadPhases(ConfigNode node)
    {
        var map = node.AsMap("settle", "baseline", "between", "cool-down", "sync");
        var standard = PhaseTimes.Default;
        var baseline = map.Find("baseline")?.AsTime() ?? standard.Baseline;
        return new PhaseTimes(
            map.Find("settle")?.AsTime() ?? standard.Settle,
            baseline,
            map.Find("cool-down")?.AsTime() ?? standard.CoolDown,
            map.Find("sync")?.AsOneOf("auto", "off") == "off" ? SyncMode.Off : SyncMode.Auto)
        {
            // Whoever wants no baseline wants none between runs either.
            Between = map.Find("between")?.AsTime() ?? (baseline < standard.Between ? baseline : standard.Between),
        };
    }
}
