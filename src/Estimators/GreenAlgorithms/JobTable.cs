using System.Globalization;
using System.Text.RegularExpressions;

using MeterLab.Estimators.Csv;
using MeterLab.Measurement;

namespace MeterLab.Estimators.GreenAlgorithms;

/// <summary>
/// The table of jobs of GreenAlgorithms4HPC, separated by tabs: energies in kWh, the total with the PUE inside and the parts without.
/// A table from before the energies were worked out has none.
/// </summary>
internal static partial class JobTable
{
    private const double JoulesPerKwh = 3.6e6;
    private static readonly (string Column, string Component)[] Parts = [("energy_CPUs", "cpu"), ("energy_GPUs", "gpu"), ("energy_memory", "ram")];

    /// <summary>A row a job. Throws <see cref="ConfigurationException"/> where no file is such a table.</summary>
    public static EstimatorOutput Read(string estimator, IReadOnlyList<EstimatorFile> files)
    {
        if (files.Count == 0)
            throw new ConfigurationException($"{estimator} is computed from the rig file and writes no file; the job table of GreenAlgorithms4HPC can be read");
        var unverified = new Finding("format-unverified", Severity.Warning, "the reader of this table was written from its description and never tried on a genuine one with energies; check a figure by hand before relying on it");
        var findings = new List<Finding> { unverified };
        var rows = TableFiles.Open(estimator, "job table of GreenAlgorithms4HPC", files, ["single_jobID", "WallclockTimeX", "SubmitDatetimeX"], findings, '\t')
            .SelectMany(file => CsvRecord.Of(file.Path, file.Table)).Select(record => Row(record, unverified)).ToArray();
        return new EstimatorOutput(estimator, null, rows, findings);
    }

    private static EstimatorRow Row(CsvRecord record, Finding unverified)
    {
        var findings = new List<Finding> { unverified };
        var joules = new Dictionary<string, double>();
        foreach (var (column, component) in Parts)
        {
            if (record.Number(column) is { } kwh)
                joules[component] = kwh * JoulesPerKwh;
        }

        var why = record.Damage ?? (joules.Count == Parts.Length ? null : "has no energies (energy_CPUs, energy_GPUs, energy_memory): the table is from before they were worked out");
        if (why is not null)
            findings.Add(new Finding("damaged-row", Severity.Invalid, $"the row at {record.Place} {why}; its energy is not used"));
        var sum = joules.Values.Sum();
        var pue = record.Number("energy") * JoulesPerKwh / sum;
        return new EstimatorRow
        {
            Run = record.Text("single_jobID"),
            Project = record.Text("JobName_"),
            EnergyJ = why is null ? sum : null,
            ComponentsJ = why is null ? joules : new Dictionary<string, double>(),
            DurationS = Seconds(record.Text("WallclockTimeX")),
            EndedLocal = null,
            Pue = pue is { } factor && double.IsFinite(factor) ? Math.Round(factor, 6) : 1,
            Findings = findings,
        };
    }

    private static double? Seconds(string? text) => text is not null && Timedelta().Match(text) is { Success: true } match
        ? (double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * 86400) + (double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) * 3600)
            + (double.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture) * 60) + double.Parse(match.Groups[4].Value, CultureInfo.InvariantCulture)
        : null;

    [GeneratedRegex(@"^(\d+) days (\d{1,2}):(\d\d):(\d\d(?:\.\d+)?)$", RegexOptions.CultureInvariant)]
    private static partial Regex Timedelta();
}
