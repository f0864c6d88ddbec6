using System.Text.Json;

using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.Measurement.Statistics;
using MeterLab.Orchestrator.Reconciliation;
using MeterLab.Orchestrator.Reports;
using MeterLab.Storage;
using MeterLab.Storage.Results;

namespace MeterLab.Orchestrator.Baselines;

/// <summary>Puts a measured idle power beside the earlier ones, whoever measured it: compares it, and keeps it in the store if it can be relied on.</summary>
internal static class BaselineKeeper
{
    /// <summary>A baseline as far as its stretch of rest tells it; what the machine is, and what was found, are added by whoever measured.</summary>
    public static BaselineResult Describe(
        string target, Scope scope, IReadOnlyList<ChannelId> channels, IdleLevel level, (long FromNs, long ToNs) stretch, bool steady, string fingerprint,
        (long MeasuredUtcNs, TimeSpan Age) time) => new()
        {
            Target = target,
            Scope = Scopes.NameOf(scope),
            StaticW = level.Watts,
            UncertaintyW = level.UncertaintyW,
            K = level.K,
            DurationS = (stretch.ToNs - stretch.FromNs) * 1e-9,
            Steady = steady,
            Measured = Reconciler.Utc(time.MeasuredUtcNs),
            ValidUntil = Reconciler.Utc(ValidUntil(time)),
            Fingerprint = fingerprint,
            URandomW = level.RandomW,
            UMeterW = level.MeterW,
            UResolutionW = level.ResolutionW,
            Freedom = level.Freedom,
            EffectiveCount = level.EffectiveCount,
            Channels = [.. channels.Select(channel => channel.ToString())],
        };

    /// <summary>Compares and keeps it; returns it with the comparison and with all that was found, the reason why it was not kept among it.</summary>
    public static BaselineResult Keep(Store store, BaselineResult result, IReadOnlyList<Finding> found, (long MeasuredUtcNs, TimeSpan Age) time)
    {
        var (comparison, words) = BaselineHistory.Compare(BaselineMeter.History(store.Baselines, result.Target, result.Scope), result);
        List<Finding> findings = [.. found, .. words];
        // A figure without an interval, or from a meter that was exchanged meanwhile, must not stand where others are looked up.
        var usable = result.UncertaintyW is not null && findings.TrueForAll(finding => finding.Severity != Severity.Invalid);
        if (!usable)
            findings.Add(new Finding("not-kept", Severity.Warning, "This baseline was not kept: what it says cannot be relied on."));
        var whole = result with { Change = comparison, Findings = [.. findings.Select(FindingRows.Of)] };
        if (usable)
        {
            store.Baselines.Add(new BaselineRecord
            {
                Campaign = whole.Campaign,
                Target = whole.Target,
                Scope = whole.Scope,
                MeasuredUtcNs = time.MeasuredUtcNs,
                ValidUntilUtcNs = ValidUntil(time),
                StaticW = whole.StaticW,
                StandardUncertaintyW = whole.UncertaintyW!.Value / whole.K,
                Fingerprint = whole.Fingerprint,
                Document = JsonSerializer.Serialize(whole, ResultsJson.Options),
            });
        }

        return whole;
    }

    private static long ValidUntil((long MeasuredUtcNs, TimeSpan Age) time) => time.MeasuredUtcNs + time.Age.Ticks * 100;
}
