using System.Globalization;

using MeterLab.Estimators;
using MeterLab.Measurement;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Orchestrator.Targets;

namespace MeterLab.Orchestrator.Baselines;

/// <summary>
/// What a target's estimators claim while it rests: they run beside a <c>sleep</c> as beside any workload, after the idle power was measured,
/// because they draw power themselves; and one after another where there is time, because each would see the others' draw.
/// </summary>
internal sealed class IdleEstimators(LabContext lab, ITarget target, RigTarget rig)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Those that run together. What is computed costs nothing and goes with the first; what tracks itself inside a workload says nothing without
    /// one and is left out.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<TargetEstimator>> Groups(bool oneByOne)
    {
        var asked = rig.Estimators.Where(own => !own.Settings.SelfTracked).ToList();
        if (asked.Count == 0)
            return [];
        var programs = asked.Where(IsProgram).ToList();
        if (!oneByOne || programs.Count < 2)
            return [asked];
        return [[programs[0], .. asked.Except(programs)], .. programs.Skip(1).Select(own => (IReadOnlyList<TargetEstimator>)[own])];
    }

    /// <summary>Whether something of it runs on the target.</summary>
    public static bool IsProgram(TargetEstimator own) => own.Estimator.Launch(own.Settings, "idle") is not null;

    /// <summary>Runs a group beside one sleep. A failure is a finding; the baseline stands.</summary>
    public async Task<IdleClaims> RunAsync(IReadOnlyList<TargetEstimator> asked, TimeSpan length, string run, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        if (length <= TimeSpan.Zero)
            return new IdleClaims([], findings, 0, 0);
        var runner = new WorkloadRunner(target, lab.Time);
        WorkloadRun? started = null;
        try
        {
            started = await runner.StartAsync(await SpecAsync(asked, length, run, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            var fromNs = lab.Clock.MonotonicNs;
            await runner.WaitAsync(started, Patience, cancellationToken).ConfigureAwait(false);
            var toNs = lab.Clock.MonotonicNs;
            var files = new Dictionary<string, IReadOnlyList<EstimatorFile>>();
            foreach (var name in started.Companions)
            {
                var own = asked.First(one => one.Name == name);
                var launch = own.Estimator.Launch(own.Settings, run)!;
                var output = await CompanionOutput.FetchAsync(target, runner, started, name, launch, cancellationToken).ConfigureAwait(false);
                files[name] = output.Files;
                if (output.Killed is { } killed)
                    findings.Add(killed);
            }

            var record = await runner.CollectAsync(started, cancellationToken).ConfigureAwait(false)
                ?? throw new TargetException(TargetFailure.Command, target.Name, "the target lost the run at rest");
            await runner.RemoveAsync(started, cancellationToken).ConfigureAwait(false);
            var cpus = await ProcessorsAsync(cancellationToken).ConfigureAwait(false);
            var claims = asked.Select(own => Claim(own, run, record, cpus, files.GetValueOrDefault(own.Name) ?? [], findings) with
            {
                Beside = [.. started.Companions.Where(name => name != own.Name)],
            }).ToArray();
            return new IdleClaims(claims, findings, fromNs, toNs);
        }
        catch (OperationCanceledException) when (started is not null)
        {
            await runner.StopAsync(started, TimeSpan.FromSeconds(1), CancellationToken.None).ConfigureAwait(false);
            throw;
        }
        catch (TargetException e)
        {
            findings.Add(new Finding("estimators-at-idle", Severity.Warning, $"What the estimators claim at rest is not known: {e.Message}"));
            return new IdleClaims([.. asked.Select(own => new EstimatorAtIdle(own.Name, null))], findings, 0, 0);
        }
    }

    private async Task<WorkloadSpec> SpecAsync(IReadOnlyList<TargetEstimator> asked, TimeSpan length, string run, CancellationToken cancellationToken) => new()
    {
        Run = run,
        Helper = await TargetClock.FindHelperAsync(target, cancellationToken).ConfigureAwait(false),
        Command = ["sleep", Math.Ceiling(length.TotalSeconds).ToString("0", CultureInfo.InvariantCulture)],
        Timeout = length + TimeSpan.FromMinutes(1),
        Companions =
        [
            .. asked.Select(own => (own.Name, Launch: own.Estimator.Launch(own.Settings, run)))
                .Where(pair => pair.Launch is not null)
                .Select(pair => new WorkloadCompanion(pair.Name, pair.Launch!)),
        ],
    };

    private EstimatorAtIdle Claim(
        TargetEstimator own, string run, WorkloadRecord record, int? cpus, IReadOnlyList<EstimatorFile> files, List<Finding> findings)
    {
        var seconds = (record.EndNs - record.StartNs) * 1e-9;
        var estimate = own.Estimator.Estimate(new RunFacts
        {
            Run = run,
            DurationS = seconds,
            StartTargetNs = record.StartNs,
            EndTargetNs = record.EndNs,
            Device = rig.Hardware.Gpus.Count > 0 ? Device.Gpu : Device.Cpu,
            Hardware = rig.Hardware with { LogicalCpus = rig.Hardware.LogicalCpus ?? cpus },
            CpuSeconds = record.CpuSeconds,
            MachineCpuSeconds = record.MachineCpuSeconds,
            Files = files,
        });
        if (estimate.EnergyJ is null)
            findings.AddRange(estimate.Findings.Select(finding => new Finding(finding.Rule, Severity.Warning, $"{own.Name} at rest: {finding.Detail}")));
        return new EstimatorAtIdle(own.Name, estimate.EnergyJ / seconds, estimate.Version);
    }

    private async Task<int?> ProcessorsAsync(CancellationToken cancellationToken) =>
        (await TargetFingerprint.ReadAsync(target, cancellationToken).ConfigureAwait(false)).LogicalCpus;
}
