using MeterLab.Measurement;

namespace MeterLab.Estimators.CodeCarbon;

/// <summary>Turns what CodeCarbon wrote into rows in joules: PUE out, tasks under their run's PUE, flush rows marked as cumulative.</summary>
internal static class CodeCarbonReader
{
    private const double JoulesPerKwh = 3.6e6;

    /// <summary>The rows, each beside the record it came from, and the findings about the folder.</summary>
    public static (IReadOnlyList<(CodeCarbonRecord Record, EstimatorRow Row)> Rows, IReadOnlyList<Finding> Findings) Read(
        IReadOnlyList<EstimatorFile> files)
    {
        var folder = CodeCarbonFolder.Open(files);
        var trackers = folder.Records.Where(record => !record.IsTask).GroupBy(record => record.Tracker).ToDictionary(group => group.Key, group => group.ToArray());
        var taskRuns = folder.Records.Where(record => record.IsTask).Select(record => record.Tracker).ToHashSet();
        var rows = folder.Records.Select(record => (record, ToRow(record, trackers.GetValueOrDefault(record.Tracker, []), taskRuns))).ToArray();
        return (rows, [.. folder.Findings, .. SameConstant(folder.Records)]);
    }

    private static EstimatorRow ToRow(CodeCarbonRecord record, CodeCarbonRecord[] ofTracker, HashSet<string> taskRuns)
    {
        var findings = new List<Finding>(record.Findings);
        var pue = PueOf(record, ofTracker, findings);
        var unusable = record.EnergySafe ? CodeCarbonChecks.Unusable(record, pue) : null;
        if (unusable is not null)
            findings.Add(unusable);
        var usable = record.EnergySafe && unusable is null;
        if (usable)
            findings.AddRange(CodeCarbonChecks.Reservations(record, pue, taskRuns.Contains(record.Tracker)));

        var cumulative = !record.IsTask && ofTracker.Length > 1;
        if (cumulative)
        {
            findings.Add(new Finding("cumulative", Severity.Note, record == ofTracker[^1]
                ? $"the row at {record.Place} is the last of {ofTracker.Length} of its run and holds the total"
                : $"the row at {record.Place} was written by flush(): it counts from the start of the run, which has a later row"));
        }

        return new EstimatorRow
        {
            Run = record.RunId,
            Task = record.Task,
            Project = record.Project,
            EnergyJ = usable ? record.TotalKwh * JoulesPerKwh / pue : null,
            ComponentsJ = usable ? Components(record, pue) : new Dictionary<string, double>(),
            DurationS = record.DurationS,
            EndedLocal = record.Timestamp?.Replace(' ', 'T'),
            Pue = double.IsFinite(pue) && pue > 0 ? pue : 1,
            Cumulative = cumulative,
            Version = record.Version,
            Processors = record.Processors,
            Findings = findings,
        };
    }

    private static Dictionary<string, double> Components(CodeCarbonRecord record, double pue) => new()
    {
        ["cpu"] = record.CpuKwh!.Value * JoulesPerKwh / pue,
        ["gpu"] = record.GpuKwh!.Value * JoulesPerKwh / pue,
        ["ram"] = record.RamKwh!.Value * JoulesPerKwh / pue,
    };

    // Task files have no PUE column although the factor is in their energies: the row of their run has it. Files before 2.2.7 have none at all.
    private static double PueOf(CodeCarbonRecord record, CodeCarbonRecord[] ofTracker, List<Finding> findings)
    {
        if (record.Pue is { } own)
            return own;
        if (!record.IsTask)
            return 1;
        if (ofTracker.LastOrDefault(run => run.Pue is > 0) is { } run)
            return run.Pue!.Value;
        if (ofTracker.Length == 0)
            findings.Add(new Finding("pue-unknown", Severity.Warning, $"the task row at {record.Place} has no row of its run beside it that would tell the PUE; 1.0 is taken"));
        return 1;
    }

    // The same watts to the last bit in run after run: half the TDP, as 2.x takes it. 3.x has averages of a load, which never repeat.
    private static IEnumerable<Finding> SameConstant(IReadOnlyList<CodeCarbonRecord> records)
    {
        var constant = records
            .Where(record => record is { IsTask: false, CpuPowerW: > 0 } && record.Version is null or ['2', ..])
            .GroupBy(record => record.CpuPowerW)
            .Where(group => group.Select(record => record.Tracker).Distinct().Count() > 1);
        foreach (var group in constant)
        {
            yield return new Finding("constant-power", Severity.Warning,
                FormattableString.Invariant($"the CPU power is {group.Key} W in every one of {group.Select(record => record.Tracker).Distinct().Count()} runs: a constant that does not follow the load"));
        }
    }
}
