using System.Text;

using MeterLab.Estimators;
using MeterLab.Estimators.Custom;
using MeterLab.Measurement;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Orchestrator.Targets;
using MeterLab.Storage;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>Brings home what the estimators of a run wrote, in folders of their own or in the workload's, and keeps it as it is.</summary>
internal sealed class EstimatorCollector(Store store, ITarget target, WorkloadRunner runner, WorkloadRun started)
{
    private const long MaxBytes = 64L << 20;

    private readonly Dictionary<string, double> _cpuSeconds = [];

    /// <summary>CPU seconds that each estimator's program cost, of those collected so far that ran beside the workload.</summary>
    public IReadOnlyDictionary<string, double> CpuSeconds => _cpuSeconds;

    /// <summary>CPU seconds that supervising them cost.</summary>
    public double RunnerCpuSeconds { get; private set; }

    /// <summary>Whether nothing was launched for it, and the workload writes its files.</summary>
    public static bool IsLeftToWorkload(TargetEstimator own) =>
        own.Estimator.Facts.OwnFiles.Count > 0 && own.Estimator.Launch(own.Settings, "run") is null;

    /// <summary>Collects for one estimator; what fails is a finding: the run and its other estimators stand.</summary>
    public async Task<IReadOnlyList<Finding>> CollectAsync(string run, TargetEstimator own, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        // The description goes with the evidence: the arithmetic must be possible years later.
        if (own.Custom is { } custom)
            store.Outputs.Add(run, own.Name, CustomEstimator.DefinitionFile, Encoding.UTF8.GetBytes(custom.Definition));
        try
        {
            if (started.Companions.Contains(own.Name))
                await CollectBesideAsync(run, own, findings, cancellationToken).ConfigureAwait(false);
            else if (IsLeftToWorkload(own))
                await CollectInsideAsync(run, own, cancellationToken).ConfigureAwait(false);
        }
        catch (TargetException e)
        {
            findings.Add(new Finding("estimator-output", Severity.Warning, $"What {own.Name} wrote could not be fetched: {e.Message}"));
        }

        return findings;
    }

    private async Task CollectBesideAsync(string run, TargetEstimator own, List<Finding> findings, CancellationToken cancellationToken)
    {
        var launch = own.Estimator.Launch(own.Settings, run)!;
        var output = await CompanionOutput.FetchAsync(target, runner, started, own.Name, launch, cancellationToken).ConfigureAwait(false);
        if (output.Killed is { } killed)
            findings.Add(killed);
        foreach (var file in output.Files)
            store.Outputs.Add(run, own.Name, file.Path, file.Content);
        if (await runner.CollectCompanionAsync(started, own.Name, cancellationToken).ConfigureAwait(false) is { } record)
        {
            _cpuSeconds[own.Name] = record.CpuSeconds;
            RunnerCpuSeconds += record.RunnerCpuSeconds;
            var console = Encoding.UTF8.GetBytes(record.OutputTail + record.ErrorTail);
            if (console.Length > 0)
                store.Outputs.Add(run, own.Name, "console.log", console);
        }
    }

    private async Task CollectInsideAsync(string run, TargetEstimator own, CancellationToken cancellationToken)
    {
        foreach (var file in await RunFolder.FetchOwnAsync(target, started, own.Estimator.Facts.OwnFiles, MaxBytes, cancellationToken).ConfigureAwait(false))
            store.Outputs.Add(run, own.Name, file.Path, file.Content);
    }
}
