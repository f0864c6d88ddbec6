using System.Text.Json;

using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Statistics;
using MeterLab.Measurement.Samples;
using MeterLab.Orchestrator.Acquisition;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Orchestrator.Reconciliation;
using MeterLab.Orchestrator.Reports;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Orchestrator.Targets;
using MeterLab.Storage.Results;

namespace MeterLab.Orchestrator.Baselines;

/// <summary>
/// Measures a target's idle power: waits until it has settled, measures until it is known well enough, asks the estimators what they claim
/// meanwhile, compares with earlier baselines, and keeps it in the store with its samples.
/// </summary>
public sealed class BaselineMeter(LabContext lab, Action<string>? say = null)
{
    private static readonly TimeSpan TeardownLimit = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Measures. Throws <see cref="ConfigurationException"/> where no reference meter feeds the target in that scope, and
    /// <see cref="MeterLabException"/> where meters or target fail.
    /// </summary>
    public async Task<BaselineResult> MeasureAsync(RigTarget rigTarget, Rig rig, BaselineRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rigTarget);
        ArgumentNullException.ThrowIfNull(rig);
        ArgumentNullException.ThrowIfNull(request);
        var (scope, channels) = Feeds(rigTarget, rig, request.Scope);
        var meters = rig.Meters.Where(meter => channels.Any(channel => channel.Meter == meter.Name)).ToList();
        Say($"{rigTarget.Name}: opening meters and target");
        await using var recorder = await RigRecorder.OpenAsync(meters, lab.Meters, lab.Store, null, cancellationToken).ConfigureAwait(false);
        var target = lab.OpenTarget(rigTarget, rig);
        await using (target.ConfigureAwait(false))
        {
            var before = await TargetFingerprint.ReadAsync(target, cancellationToken).ConfigureAwait(false);
            recorder.Start(channels);
            await recorder.WaitForSamplesAsync(lab.Time, cancellationToken).ConfigureAwait(false);
            var trace = IdleTrace.Of(lab.Store, recorder, channels);
            var wait = new IdleWait(lab, target, trace, request, Say);
            var stretch = await wait.RunAsync(cancellationToken).ConfigureAwait(false);
            var measuredUtcNs = lab.Clock.Anchor().UtcNs;
            var after = await TargetFingerprint.ReadAsync(target, cancellationToken).ConfigureAwait(false);
            var time = (measuredUtcNs, rig.RunLimits.BaselineAge);
            var result = BaselineKeeper.Describe(rigTarget.Name, scope, channels, stretch.Level, (stretch.FromNs, stretch.ToNs), stretch.Steady, after.Hash, time) with
            {
                State = after.State, Machine = after.Parts, SettledAfterS = stretch.SettledAfterS, TemperatureDegC = wait.TemperatureDegC, Traces = trace.Ids,
            };
            List<Finding> findings = [.. wait.Findings, .. Judge(stretch, request, before, after)];
            (result, var more) = await BesidesAsync(result, stretch, request, rigTarget, target, trace, after, cancellationToken).ConfigureAwait(false);
            findings.AddRange([.. more, .. trace.Findings, .. await StopAsync(recorder).ConfigureAwait(false)]);
            return BaselineKeeper.Keep(lab.Store, result, findings, time);
        }
    }

    /// <summary>The earlier baselines of a target in a scope, the oldest first; those that another version wrote otherwise are left out.</summary>
    public static IReadOnlyList<BaselineResult> History(BaselineStore store, string target, string? scope)
    {
        ArgumentNullException.ThrowIfNull(store);
        var history = new List<BaselineResult>();
        foreach (var record in store.History(target).Where(record => scope is null || record.Scope == scope))
        {
            if (Read(record) is { } result)
                history.Add(result);
        }

        return history;
    }

    /// <summary>A stored baseline; null where another version wrote it otherwise: its figures stand in the row, what is needed to compare does not.</summary>
    public static BaselineResult? Read(BaselineRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        try
        {
            return JsonSerializer.Deserialize<BaselineResult>(record.Document, ResultsJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static (Scope Scope, IReadOnlyList<ChannelId> Channels) Feeds(RigTarget target, Rig rig, Scope? wanted)
    {
        var truths = target.FedBy.Where(feed => rig.FindMeter(feed.Channel.Meter)?.Role == MeterRole.Truth).OrderBy(feed => feed.Scope).ToList();
        if (truths.Count == 0)
            throw new ConfigurationException($"no reference meter feeds {target.Name}; name one in its fed-by, with a scope", rig.File);
        var scope = wanted ?? truths[0].Scope;
        var channels = truths.Where(feed => feed.Scope == scope).Select(feed => feed.Channel).ToArray();
        return channels.Length > 0
            ? (scope, channels)
            : throw new ConfigurationException(
                $"no reference meter feeds {target.Name} in {Scopes.NameOf(scope)}; it is metered in {string.Join(", ", truths.Select(feed => Scopes.NameOf(feed.Scope)).Distinct())}", rig.File);
    }

    private static IEnumerable<Finding> Judge(IdleStretch stretch, BaselineRequest request, TargetFingerprint before, TargetFingerprint after)
    {
        var changes = FingerprintChanges.Of(before.Parts, after.Parts);
        if (changes.Count > 0)
            yield return new Finding("fingerprint-moved", Severity.Warning, $"While it was measured {string.Join("; ", changes)}.");
        if (stretch.Level.UncertaintyW is null)
            yield return new Finding("accuracy-unknown", Severity.Warning, "The meter's accuracy is not known; no interval can be stated. The rig file's accuracy: states one.");
        if (request.UncertaintyW is { } wanted && !(stretch.Level.UncertaintyW <= wanted))
        {
            yield return new Finding("uncertainty-not-reached", Severity.Warning, FormattableString.Invariant(
                $"{wanted:0.##} W was wanted; {stretch.Level.UncertaintyW ?? double.NaN:0.##} W was reached in {(stretch.ToNs - stretch.FromNs) * 1e-9:0} s, of which the meter alone makes {stretch.Level.K * (stretch.Level.MeterW ?? double.NaN):0.##} W."));
        }

        if (!stretch.Steady && stretch.Reason is { } reason)
            yield return new Finding("not-steady", Severity.Warning, $"The power was not steady while it was measured: {reason}.");
        if (stretch.Bins.Missing > 0)
            yield return new Finding("gaps", Severity.Warning, $"{stretch.Bins.Missing} of {stretch.Bins.Missing + stretch.Bins.Watts.Length} pieces of {stretch.Bins.Seconds:0.##} s had no samples and were left out.");
    }

    private async Task<(BaselineResult Result, IReadOnlyList<Finding> Findings)> BesidesAsync(
        BaselineResult result, IdleStretch stretch, BaselineRequest request, RigTarget rigTarget, ITarget target, IdleTrace trace, TargetFingerprint machine,
        CancellationToken cancellationToken)
    {
        var run = $"baseline-{lab.Clock.Anchor().UtcNs}";
        var findings = new List<Finding>();
        if (request.LoadSteps)
        {
            try
            {
                var (curve, words) = await new LoadSteps(lab, target, trace, Say)
                    .RunAsync(stretch.Level, machine.LogicalCpus ?? 1, request.LoadStep, run, cancellationToken).ConfigureAwait(false);
                result = result with { PowerCurve = curve };
                findings.AddRange(words);
            }
            catch (TargetException e)
            {
                findings.Add(new Finding("load-steps", Severity.Warning, $"The load steps failed: {e.Message}"));
            }
        }

        var length = TimeSpan.FromSeconds(Math.Min(result.DurationS, request.EstimatorsAtMost.TotalSeconds));
        var (claims, said) = await AtIdleAsync(length, run, stretch.Level, rigTarget, target, trace, cancellationToken).ConfigureAwait(false);
        return (result with { EstimatorsAtIdle = claims }, [.. findings, .. said]);
    }

    // One after another: what one draws is in nobody else's claim, and on the meter it is its cost.
    private async Task<(IReadOnlyList<EstimatorAtIdle> Claims, IReadOnlyList<Finding> Findings)> AtIdleAsync(
        TimeSpan length, string run, IdleLevel rest, RigTarget rigTarget, ITarget target, IdleTrace trace, CancellationToken cancellationToken)
    {
        var (claims, findings) = (new List<EstimatorAtIdle>(), new List<Finding>());
        if (length <= TimeSpan.Zero)
            return (claims, findings);
        var idle = new IdleEstimators(lab, target, rigTarget);
        foreach (var (group, number) in idle.Groups(oneByOne: true).Select((group, i) => (group, i + 1)))
        {
            Say(FormattableString.Invariant($"asking {string.Join(", ", group.Select(own => own.Name))}, at rest for {length.TotalSeconds:0} s"));
            var seen = await idle.RunAsync(group, length, FormattableString.Invariant($"{run}-{number}"), cancellationToken).ConfigureAwait(false);
            findings.AddRange(seen.Findings);
            var cost = await CostAsync(seen, rest, trace, cancellationToken).ConfigureAwait(false);
            claims.AddRange(group.Zip(seen.Claims, (own, claim) => cost is { } known && IdleEstimators.IsProgram(own)
                ? claim with { CostW = known.Watts, CostUncertaintyW = known.K * known.StandardWatts, K = known.K }
                : claim));
        }

        return (claims, findings);
    }

    /// <summary>What the meter showed more while they ran than at rest; null where too short to tell, or where the meter's accuracy is not known.</summary>
    internal static async Task<(double Watts, double StandardWatts, double K)?> CostAsync(
        IdleClaims seen, IdleLevel rest, IdleTrace trace, CancellationToken cancellationToken)
    {
        var (fromNs, toNs) = IdleClaims.Inner(seen.FromNs, seen.ToNs);
        if (toNs <= fromNs || await trace.LevelAsync(fromNs, toNs, cancellationToken).ConfigureAwait(false) is not { Level: var level })
            return null;
        var (watts, standard) = IdleClaims.Difference(level.Watts, level.RandomW, rest.Watts, rest.RandomW, (rest.MeterW ?? 0) / rest.Watts);
        return rest.MeterW is null ? null : (watts, standard, Math.Max(level.K, rest.K));
    }

    private async Task<IReadOnlyList<Finding>> StopAsync(RigRecorder recorder)
    {
        using var limit = new CancellationTokenSource(TeardownLimit, lab.Time);
        var changed = await recorder.StopAsync(limit.Token).ConfigureAwait(false);
        var findings = changed.Select(meter => new Finding("meter-changed", Severity.Invalid,
            $"{meter.Rig.Name} says it is another device at the end than at the start; this baseline cannot be used.")).ToList();
        if (recorder.LostByRecorder > 0)
            findings.Add(new Finding("recorder-loss", Severity.Warning, $"{recorder.LostByRecorder} samples could not be stored in time; they show as gaps."));
        return findings;
    }

    private void Say(string what) => say?.Invoke(what);
}
