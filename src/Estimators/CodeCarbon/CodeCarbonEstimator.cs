using System.Globalization;

using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.CodeCarbon;

/// <summary>
/// CodeCarbon 2.0 to 3.3: RAPL or a model for the processor, energy counters of the graphics cards, a constant for the memory. It runs as
/// <c>codecarbon monitor</c> beside the workload, or inside a workload that tracks itself; both write a CSV when they stop.
/// </summary>
public sealed class CodeCarbonEstimator : IEstimator
{
    /// <inheritdoc/>
    public EstimatorFacts Facts { get; } = new()
    {
        Name = "codecarbon",
        Scopes = [Scope.CpuPackage, Scope.Gpu, Scope.Dram],
        Covers = "Processor package by RAPL, or by a model of TDP and load where RAPL cannot be read; graphics boards by their energy counters; memory as a constant.",
        LeavesOut = "Fans, board, disks, network, the power supply's own loss; graphics cards without an energy counter.",
        RunsOnTarget = true,
        Source = "github.com/mlco2/codecarbon, read at 2.3.5, 2.8.4, 3.2.9 and 3.3.0",
    };

    /// <summary>
    /// <c>codecarbon monitor</c> of 3.x in machine mode. The country only sets grams of CO2, which MeterLab does not compare, and keeps
    /// the tool off the network. It writes its CSV on TERM. Throws where the interval is not in whole seconds, all that the tool takes.
    /// </summary>
    public EstimatorLaunch? Launch(EstimatorSettings settings, string run)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.SelfTracked)
            return null;
        List<string> command = [settings.Command ?? "codecarbon", "monitor", "--offline", "--country-iso-code", "DEU", "--log-level", "info"];
        if (settings.IntervalS is { } interval)
        {
            if (interval < 1 || interval != Math.Floor(interval) || interval > 3600)
                throw new ConfigurationException("codecarbon's interval is in whole seconds, 1s to 3600s", key: "interval");
            command.AddRange(["--measure-power-secs", interval.ToString("0", CultureInfo.InvariantCulture)]);
        }

        var environment = new Dictionary<string, string>
        {
            ["CODECARBON_PROJECT_NAME"] = run,
            ["CODECARBON_TRACKING_MODE"] = "machine",
            ["CODECARBON_OUTPUT_DIR"] = ".",
            ["CODECARBON_OUTPUT_FILE"] = "emissions.csv",
            // Its time stamps have no zone; this makes them UTC.
            ["TZ"] = "UTC",
            ["PYTHONUNBUFFERED"] = "1",
        };
        return new EstimatorLaunch(command, environment, StopSignal: "TERM", StartTimeS: 15, StopTimeS: 20);
    }

    /// <inheritdoc/>
    public EstimatorOutput Read(IReadOnlyList<EstimatorFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var (rows, findings) = CodeCarbonReader.Read(files);
        return new EstimatorOutput(Facts.Name, VersionOf(rows), [.. rows.Select(row => row.Row)], findings);
    }

    /// <inheritdoc/>
    public RunEstimate Estimate(RunFacts run)
    {
        ArgumentNullException.ThrowIfNull(run);
        try
        {
            var (rows, findings) = CodeCarbonReader.Read(run.Files);
            return Estimate(run, rows, findings);
        }
        catch (ConfigurationException e)
        {
            return Nothing(null, [new Finding("no-output", Severity.Invalid, $"{e.Message}; no energy is attributed")]);
        }
    }

    private RunEstimate Estimate(RunFacts run, IReadOnlyList<(CodeCarbonRecord Record, EstimatorRow Row)> rows, IReadOnlyList<Finding> ofFolder)
    {
        var (record, row, findings) = CodeCarbonAttribution.Find(rows, run);
        if (record is null || row is null)
            return Nothing(VersionOf(rows), [.. ofFolder, .. findings]);

        Finding[] all = [.. ofFolder, .. row.Findings, .. findings];
        if (row.EnergyJ is not { } energy)
            return Nothing(row.Version, all);
        if (energy <= 0)
            return Nothing(row.Version, [.. all, new Finding("no-energy", Severity.Invalid, $"the row at {record.Place} says 0 J over {row.DurationS} s: nothing was measured; no energy is attributed")]);
        return new RunEstimate
        {
            Estimator = Facts.Name,
            Version = row.Version,
            EnergyJ = energy,
            ComponentsJ = row.ComponentsJ,
            Scopes = record.GpuCount is > 0 || record.GpuKwh is > 0 ? Facts.Scopes : [Scope.CpuPackage, Scope.Dram],
            DurationS = row.DurationS,
            ResolutionJ = 0,
            Findings = all,
        };
    }

    private RunEstimate Nothing(string? version, IReadOnlyList<Finding> findings) =>
        new() { Estimator = Facts.Name, Version = version, Scopes = Facts.Scopes, Findings = findings };

    private static string? VersionOf(IReadOnlyList<(CodeCarbonRecord Record, EstimatorRow Row)> rows) =>
        rows.LastOrDefault(row => row.Row.Version is not null).Row?.Version;
}
