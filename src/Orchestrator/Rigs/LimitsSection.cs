using MeterLab.Configuration;
using MeterLab.Measurement;
using MeterLab.Measurement.Energy;
using MeterLab.Measurement.Quantities;
using MeterLab.Orchestrator.Validity;

namespace MeterLab.Orchestrator.Rigs;

/// <summary>Reads <c>limits:</c> of a rig file.</summary>
internal static class LimitsSection
{
    private static readonly string[] Keys =
    [
        "coverage", "longest-gap", "uncertainty-warning", "uncertainty-invalid", "jitter", "range-low", "range-high", "clock-share",
        "certificate-age", "duration", "meter-counts", "baseline-age", "severities",
    ];

    internal static (ValidityLimits Energy, RunLimits Run) Read(ConfigNode node)
    {
        var map = node.AsMap(Keys);
        var energy = ValidityLimits.Default;
        var run = RunLimits.Default;
        return (
            new ValidityLimits
            {
                Coverage = Share(map, "coverage") ?? energy.Coverage,
                LongestGap = map.Find("longest-gap") is { } gap ? AtLeastOne(gap, "a number of sampling intervals") : energy.LongestGap,
                UncertaintyWarning = Share(map, "uncertainty-warning") ?? energy.UncertaintyWarning,
                UncertaintyInvalid = Share(map, "uncertainty-invalid") ?? energy.UncertaintyInvalid,
            },
            new RunLimits
            {
                Jitter = Share(map, "jitter") ?? run.Jitter,
                RangeLow = Share(map, "range-low") ?? run.RangeLow,
                RangeHigh = Share(map, "range-high") ?? run.RangeHigh,
                ClockShare = Share(map, "clock-share") ?? run.ClockShare,
                CertificateAge = Age(map, "certificate-age") ?? run.CertificateAge,
                Duration = map.Find("duration")?.AsPositiveTime() ?? run.Duration,
                MeterCounts = map.Find("meter-counts") is { } counts ? AtLeastOne(counts, "a number of counts") : run.MeterCounts,
                BaselineAge = Age(map, "baseline-age") ?? run.BaselineAge,
                Severities = map.Find("severities") is { } severities ? ReadSeverities(severities) : run.Severities,
            });
    }

    private static Dictionary<string, Severity> ReadSeverities(ConfigNode node) =>
        node.AsMap([.. RuleNames.All]).Entries.ToDictionary(entry => entry.Key, entry => entry.Value.AsOneOf("note", "warning", "invalid") switch
        {
            "note" => Severity.Note,
            "warning" => Severity.Warning,
            _ => Severity.Invalid,
        });

    private static double? Share(ConfigMap map, string key) => map.Find(key)?.AsQuantityIn(Dimension.Ratio, 0, 1, "0% to 100%");

    // A certificate may be some years old, which is more than any wait may last.
    private static TimeSpan? Age(ConfigMap map, string key) =>
        map.Find(key)?.AsQuantityIn(Dimension.Time, 60, TimeSpan.FromDays(3660).TotalSeconds, "1min to 3660d") is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    private static double AtLeastOne(ConfigNode node, string what)
    {
        var number = node.AsNumber();
        return number >= 1 ? number : throw node.Error($"{node.AsText()} is out of range; {what}, at least 1, is right");
    }
}
