using System.Globalization;

using MeterLab.Measurement;

namespace MeterLab.Orchestrator.Targets;

/// <summary>What <c>meterlab target check</c> found.</summary>
/// <param name="Target">The target's name.</param>
/// <param name="Reached">How it is reached.</param>
/// <param name="Findings">Everything that was found, the good included as notes.</param>
/// <param name="Fingerprint">What it is; null where it was not reached.</param>
/// <param name="Helper">How its clock is read; null where no way was found.</param>
public sealed record TargetCheckResult(
    string Target, string Reached, IReadOnlyList<Finding> Findings, TargetFingerprint? Fingerprint, ClockHelper? Helper);

/// <summary>Looks whether a target can be used: reach and host key, tools, clock, machine. Collects findings, stops at nothing but its own cancelling.</summary>
public static class TargetCheck
{
    // Without these the runner does not run; POSIX has them all but mkfifo's neighbours on very small systems.
    private static readonly string[] Needed = ["cat", "chmod", "head", "mkdir", "mkfifo", "mv", "rm", "sleep", "tail", "tar", "uname"];
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private const int ProbeCount = 20;

    /// <summary>Checks a target.</summary>
    public static async Task<TargetCheckResult> RunAsync(ITarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        var findings = new List<Finding>();
        TargetFingerprint? fingerprint = null;
        ClockHelper? helper = null;
        try
        {
            fingerprint = await TargetFingerprint.ReadAsync(target, cancellationToken).ConfigureAwait(false);
            findings.Add(new Finding("reach", Severity.Note, $"reached by {target.Description}; {Describe(fingerprint)}"));
            await CheckToolsAsync(target, findings, cancellationToken).ConfigureAwait(false);
            CheckMachine(fingerprint, findings);
            helper = await CheckClockAsync(target, findings, cancellationToken).ConfigureAwait(false);
        }
        catch (TargetException e)
        {
            var rule = e.Failure switch
            {
                TargetFailure.HostKey => "host-key",
                TargetFailure.Denied => "login",
                TargetFailure.Command => "command",
                _ => "reach",
            };
            findings.Add(new Finding(rule, Severity.Invalid, e.Message));
        }

        return new TargetCheckResult(target.Name, target.Description, findings, fingerprint, helper);
    }

    private static string Describe(TargetFingerprint found) => string.Create(
        CultureInfo.InvariantCulture,
        $"{found.System} {found.Kernel} {found.Machine}, {found.Cpu ?? "processor unknown"}, {found.LogicalCpus?.ToString(CultureInfo.InvariantCulture) ?? "?"} logical CPUs, fingerprint {found.Hash}");

    private static async Task CheckToolsAsync(ITarget target, List<Finding> findings, CancellationToken cancellationToken)
    {
        const string Script = """for tool in "$@"; do command -v "$tool" >/dev/null || echo "$tool"; done""";
        var result = await target.RunAsync(["sh", "-c", Script, "tools", .. Needed, "setsid"], new CommandOptions(Deadline), cancellationToken)
            .ConfigureAwait(false);
        var missing = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var fatal = missing.Intersect(Needed).ToArray();
        if (fatal.Length > 0)
            findings.Add(new Finding("tools", Severity.Invalid, $"missing there: {string.Join(", ", fatal)}; runs cannot be started"));
        else if (missing.Contains("setsid"))
            findings.Add(new Finding("tools", Severity.Warning, "setsid (util-linux) is missing; runs need a shell with job control there"));
        else
            findings.Add(new Finding("tools", Severity.Note, "every tool that a run needs is there"));
    }

    private static void CheckMachine(TargetFingerprint found, List<Finding> findings)
    {
        if (found.Governor is { } governor and not "performance")
        {
            findings.Add(new Finding(
                "governor", Severity.Note, $"the frequency governor is '{governor}': equal work may cost different energy from run to run"));
        }
    }

    private static async Task<ClockHelper> CheckClockAsync(ITarget target, List<Finding> findings, CancellationToken cancellationToken)
    {
        var helper = await TargetClock.FindHelperAsync(target, cancellationToken).ConfigureAwait(false);
        await using var clock = await TargetClock.OpenAsync(target, helper, cancellationToken).ConfigureAwait(false);
        var probes = await TargetClock.ProbeAsync(clock, new ProbeOptions(ProbeCount, ProbeCount), TimeProvider.System, cancellationToken)
            .ConfigureAwait(false);
        var best = probes.Min(probe => probe.RoundTripNs) / 1e6;
        var coarse = helper.ResolutionNs > 1_000_000;
        findings.Add(new Finding(
            "clock-helper", coarse ? Severity.Warning : Severity.Note,
            string.Create(
                CultureInfo.InvariantCulture,
                $"the clock is read by {helper.Name}, resolution {helper.ResolutionNs / 1e9:0.#########} s, quickest round trip {best:0.00} ms")
            + (coarse ? "; install bash 5, python3 or perl there for a better one" : "")));
        var status = await ClockStatus.ReadAsync(target, cancellationToken).ConfigureAwait(false);
        findings.Add(status.Finding);
        return helper;
    }
}
