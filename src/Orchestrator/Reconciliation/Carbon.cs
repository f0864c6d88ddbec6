using NodaTime;

using MeterLab.Measurement;
using MeterLab.Orchestrator.Reports;
using MeterLab.Orchestrator.Rigs;

namespace MeterLab.Orchestrator.Reconciliation;

/// <summary>Puts grams of CO2 equivalent beside energies: one intensity for the meter and all estimators of a run, so that errors stay those of the energy.</summary>
internal static class Carbon
{
    private const double GramsPerKg = 1000;
    private const double JoulesPerKwh = 3.6e6;

    // Grids change by several percent a year; a mean is published some months after its year's end.
    private const int OldYears = 2;

    /// <summary>The run with its carbon, where its target's intensity is known for its time (UTC, ns since 1970); otherwise a finding says why not.</summary>
    public static RunResult Add(RunResult run, GridIntensity? grid, long? startUtcNs, long? endUtcNs)
    {
        if (grid is null || startUtcNs is not { } start || endUtcNs is not { } end)
            return run;
        if (grid.Mean(start / 1e9, end / 1e9) is not { } kgPerJoule)
        {
            return run with
            {
                Findings = [.. run.Findings, FindingRows.Of(new Finding("grid-intensity", Severity.Warning, $"The grid intensities ({grid.Source}) do not cover this run's time; no carbon is given."))],
            };
        }

        var findings = run.Findings;
        var year = Instant.FromUnixTimeTicks(start / 100).InUtc().Year;
        if (grid.Year is { } of && year - of > OldYears)
        {
            findings = [.. findings, FindingRows.Of(new Finding("grid-intensity-old", Severity.Warning, $"The grid intensity is the mean of {of}, and the run is of {year}; carbon may be off by as much as the grid has changed. grid-intensity: takes a newer figure, or a file by the hour."))];
        }

        double? Grams(double? joules) => joules * kgPerJoule * GramsPerKg;
        return run with
        {
            Findings = findings,
            Carbon = new CarbonResult(
                Math.Round(kgPerJoule * GramsPerKg * JoulesPerKwh, 9), grid.Source, Grams(run.Meter?.EnergyJ), Grams(run.Meter?.UncertaintyJ), run.Meter?.K ?? 2),
            Estimators = [.. run.Estimators.Select(estimate => estimate with { CarbonG = Grams(estimate.EnergyJ) })],
        };
    }
}
