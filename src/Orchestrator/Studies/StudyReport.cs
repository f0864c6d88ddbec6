using MeterLab.Configuration;
using MeterLab.Measurement;
using MeterLab.Orchestrator.Calibration;
using MeterLab.Orchestrator.Reconciliation;
using MeterLab.Orchestrator.Reports;
using MeterLab.Storage.Studies;

namespace MeterLab.Orchestrator.Studies;

/// <summary>Works out a study: errors by group and estimator, a calibration of each group, and what neither can tell.</summary>
public static class StudyReport
{
    /// <summary>
    /// The report on a study of the store; on the one imported last where <paramref name="name"/> is null. Throws
    /// <see cref="ConfigurationException"/> where there is none of that name.
    /// </summary>
    public static StudyReportResult Of(StudyStore store, string? name)
    {
        return Of(Find(store, name));
    }

    /// <summary>
    /// The study of that name, or the one imported last. Throws <see cref="ConfigurationException"/> where there is none of that name.
    /// </summary>
    internal static StudyRecord Find(StudyStore store, string? name)
    {
        ArgumentNullException.ThrowIfNull(store);
        var names = store.Names;
        if (names.Count == 0)
            throw new ConfigurationException("the store holds no study; `meterlab study import DIR` brings one in");
        var wanted = name ?? names[^1];
        return store.Find(wanted) ?? throw new ConfigurationException($"the store holds no study '{wanted}'; {Nearest.Suggest(wanted, [.. names])}");
    }

    /// <summary>The report on a study.</summary>
    public static StudyReportResult Of(StudyRecord study)
    {
        ArgumentNullException.ThrowIfNull(study);
        var groups = StudyGroup.Of(study);
        var calibrations = groups.Select(group => CalibrationJudge.Of(StudyCalibration.Of(group))).ToArray();
        return new StudyReportResult
        {
            Study = study.Name,
            Experiments = groups.Sum(group => group.Runs.Count),
            Groups = SummaryRows.Corrected([.. groups.SelectMany(Summaries)]),
            Calibration = [.. calibrations.Select(calibration => calibration.Row)],
            Findings = [.. StudyFindings.Of(study, groups).Concat(calibrations.SelectMany(calibration => calibration.Findings)).Select(FindingRows.Of)],
        };
    }

    // Within what an estimator counts as equivalent to the meter, %: the tolerance of a campaign that states none.
    private const double MarginPct = 5;

    // Two readings of a counter leave a triangle on ± one count.
    private static readonly double StandardOfTwoReadings = Math.Sqrt(1.0 / 6);

    private static IEnumerable<SummaryRow> Summaries(StudyGroup group) =>
    [
        SummaryRows.Of(group.Name, StudyCalibration.Estimator, Points(group, run => run.CodeCarbonErrorPct), MarginPct),
        SummaryRows.Of(group.Name, "ml-co2-impact", Points(group, run => run.StaticErrorPct), MarginPct),
    ];

    // Runs of one model err alike.
    private static ErrorPoint[] Points(StudyGroup group, Func<StudyRun, double?> error) =>
        [.. group.Runs.Where(run => error(run) is not null).Select(run =>
            new ErrorPoint(error(run)!.Value, (1 + error(run)!.Value / 100) * run.CountPct * StandardOfTwoReadings, 0, run.Experiment.Model))];
}
