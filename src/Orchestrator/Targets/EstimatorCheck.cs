using System.Text.RegularExpressions;

using MeterLab.Estimators;
using MeterLab.Measurement;
using MeterLab.Orchestrator.Rigs;

namespace MeterLab.Orchestrator.Targets;

/// <summary>
/// Says of every estimator whether it would work on a target, and why not. Nothing is started but look-ups: where a program is, whether a
/// file can be read, what an address answers, and what version a program says it is.
/// </summary>
public static partial class EstimatorCheck
{
    private const string Rule = "estimator";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <summary>
    /// A finding an estimator, those of the rig file first: a warning where one that the rig file names would not work. Throws
    /// <see cref="TargetException"/> where the target does not answer.
    /// </summary>
    public static async Task<IReadOnlyList<Finding>> RunAsync(ITarget target, RigTarget rigTarget, TargetFingerprint fingerprint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(rigTarget);
        ArgumentNullException.ThrowIfNull(fingerprint);
        var others = EstimatorCatalog.Names.Where(name => rigTarget.Estimators.All(own => own.Name != name)).Select(name => new TargetEstimator(name, new EstimatorSettings()));
        TargetEstimator[] all = [.. rigTarget.Estimators, .. others];
        var needs = all.SelectMany(own => NeedsOf(own).Select(need => need.Asked)).Distinct().ToArray();
        var answers = await TargetLookup.AskAsync(target, needs, cancellationToken).ConfigureAwait(false);
        var findings = new List<Finding>();
        foreach (var own in all)
            findings.Add(await OfAsync(target, rigTarget, own, fingerprint, answers, cancellationToken).ConfigureAwait(false));
        return findings;
    }

    private static async Task<Finding> OfAsync(
        ITarget target, RigTarget rigTarget, TargetEstimator own, TargetFingerprint fingerprint, IReadOnlyDictionary<TargetNeed, LookupAnswer> answers,
        CancellationToken cancellationToken)
    {
        var isNamed = rigTarget.Estimators.Contains(own);
        if (!own.Estimator.Facts.RunsOnTarget)
            return Say(own, isNamed, WhyNotComputed(own.Estimator, rigTarget, fingerprint), "computed from the rig file and the target's CPU accounting");
        var needs = NeedsOf(own).ToArray();
        var unmet = needs.Where(need => !answers[need.Asked].Met).ToArray();
        var fatal = own.Settings.SelfTracked ? [] : unmet.Where(need => need.Need.Essential || IsLast(need.Need, needs, answers)).ToArray();
        // Without curl nobody was asked, and that it is missing is among them.
        fatal = [.. fatal.Where(need => need.Need.Kind != NeedKind.HttpAnswer || answers[need.Asked].Detail.Length > 0)];
        if (fatal.Length > 0)
            return Say(own, isNamed, string.Join("; ", fatal.Select(need => Why(need.Asked, answers[need.Asked]))), "");
        var words = new List<string>();
        if (EstimatorIsInside(own))
            words.Add($"where the workload tracks itself and leaves {string.Join(" or ", own.Estimator.Facts.OwnFiles)} in its folder");
        words.AddRange(needs.Where(need => need.Need is { Kind: NeedKind.Program or NeedKind.HttpAnswer, Essential: true } && answers[need.Asked].Met).Select(need => answers[need.Asked].Detail));
        if (await VersionAsync(target, own, cancellationToken).ConfigureAwait(false) is { } version)
        {
            if (WhyNotThatVersion(own, version) is { } why)
                return Say(own, isNamed, why, "");
            words.Add(version);
        }

        words.AddRange(unmet.Where(need => need.Need.OneOf is null).Select(need => "but " + Why(need.Asked, answers[need.Asked])));
        return Say(own, isNamed, null, string.Join("; ", words));
    }

    // Needs that stand for one another are only fatal together.
    private static bool IsLast(TargetNeed need, IReadOnlyList<(TargetNeed Need, TargetNeed Asked)> needs, IReadOnlyDictionary<TargetNeed, LookupAnswer> answers) =>
        need.OneOf is { } group && needs.All(other => other.Need.OneOf != group || !answers[other.Asked].Met);

    private static Finding Say(TargetEstimator own, bool isNamed, string? whyNot, string how) => whyNot is null
        ? new Finding(Rule, Severity.Note, how.Length == 0 ? $"{own.Name} would work" : $"{own.Name} would work: {how}")
        : new Finding(Rule, isNamed ? Severity.Warning : Severity.Note, $"{own.Name} would not work: {whyNot}");

    private static bool EstimatorIsInside(TargetEstimator own) => own.Estimator.Facts.OwnFiles.Count > 0 && own.Estimator.Launch(own.Settings, "check") is null;

    // Where the rig file names the program, that one is looked for.
    private static IEnumerable<(TargetNeed Need, TargetNeed Asked)> NeedsOf(TargetEstimator own)
    {
        var usual = own.Estimator.Launch(new EstimatorSettings(), "check")?.Command[0];
        foreach (var need in own.Estimator.Facts.Needs)
        {
            var asked = need.Kind == NeedKind.Program && need.Name == (own.Estimator.Facts.Program ?? usual) && own.Settings.Command is { } command ? need with { Name = command } : need;
            if (need.Kind == NeedKind.HttpAnswer && own.Settings.Command is { } address)
                asked = need with { Name = address };
            if (need.Root is { } usually && own.Settings.Root is { } root)
                asked = asked with { Name = root + need.Name[usually.Length..] };
            yield return (need, need.Kind == NeedKind.PythonModule ? asked with { Python = own.Settings.Command ?? "python3" } : asked);
        }
    }

    private static string Why(TargetNeed need, LookupAnswer answer) => need.Kind switch
    {
        NeedKind.Program => $"there is no program '{need.Name}' on the target: {need.Otherwise}",
        NeedKind.PythonModule => $"there is no Python module '{need.Name}' in {need.Python}: {need.Otherwise}",
        NeedKind.HttpAnswer => $"{need.Name} does not tell it ({answer.Detail}): {need.Otherwise}",
        NeedKind.AbsentFile => $"{need.Name} is there: {need.Otherwise}",
        _ when answer.Denied => $"{answer.Detail} may not be read by this account: {need.Otherwise}",
        _ => $"there is no {need.Name}: {need.Otherwise}",
    };

    // A computed figure for a minute at half load: what is missing for it is missing for every run.
    private static string? WhyNotComputed(IEstimator estimator, RigTarget target, TargetFingerprint fingerprint)
    {
        var cpus = target.Hardware.LogicalCpus ?? fingerprint.LogicalCpus;
        var estimate = estimator.Estimate(new RunFacts
        {
            Run = "check",
            DurationS = 60,
            StartTargetNs = 0,
            EndTargetNs = 60_000_000_000,
            Device = target.Hardware.Gpus.Count > 0 ? Device.Gpu : Device.Cpu,
            Hardware = target.Hardware with { LogicalCpus = cpus },
            MachineCpuSeconds = 30.0 * (cpus ?? 1),
        });
        return estimate.EnergyJ is not null ? null : string.Join("; ", estimate.Findings.Where(finding => finding.Severity == Severity.Invalid).Select(finding => finding.Detail));
    }

    // How some programs are started depends on their version, which only the rig file tells when a run begins.
    private static string? WhyNotThatVersion(TargetEstimator own, string told)
    {
        if (VersionNumber().Match(told) is not { Success: true } number)
            return null;
        try
        {
            var (now, then) = (own.Estimator.Launch(own.Settings, "check"), own.Estimator.Launch(own.Settings with { Version = number.Value }, "check"));
            return now is null || then is null || (now.Command.SequenceEqual(then.Command) && now.StopSignal == then.StopSignal)
                ? null
                : $"version {number.Value} is started another way; write version: \"{number.Value}\" beside it in the rig file";
        }
        catch (ConfigurationException e)
        {
            return e.Problem;
        }
    }

    [GeneratedRegex(@"\d+\.\d+(?:\.\d+)?", RegexOptions.CultureInvariant)]
    private static partial Regex VersionNumber();

    private static async Task<string?> VersionAsync(ITarget target, TargetEstimator own, CancellationToken cancellationToken)
    {
        if (own.Estimator.Facts.VersionQuery is not { Count: > 0 } query || own.Settings.SelfTracked)
            return null;
        CommandResult result;
        try
        {
            result = await target.RunAsync([own.Settings.Command ?? query[0], .. query.Skip(1)], new CommandOptions(Deadline), cancellationToken).ConfigureAwait(false);
        }
        catch (TargetException e) when (e.Failure == TargetFailure.TimedOut)
        {
            return $"its version was not told within {Deadline.TotalSeconds:0} s";
        }

        var line = (result.Output + "\n" + result.Error).Split('\n').Select(text => text.Trim()).FirstOrDefault(text => text.Any(char.IsAsciiDigit));
        return result.ExitCode == 0 && line is { Length: <= 100 } ? line : "its version was not told";
    }
}
