using MeterLab.Measurement;
using MeterLab.Measurement.Statistics;
using MeterLab.Orchestrator.Calibration;
using MeterLab.Orchestrator.Reconciliation;

namespace MeterLab.Orchestrator.Studies;

/// <summary>A calibration on recordings that it was not fitted on.</summary>
public static class StudyApplication
{
    /// <summary>Applies the calibrations of a file to the groups of a folder of recordings; the groups are matched by name.</summary>
    public static StudyApplyResult Of(string folder, CalibrationDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var (study, unread) = StudyReader.Read(folder);
        var findings = new List<Finding>(unread);
        var groups = StudyGroup.Of(study).Select(group => Apply(group, document, findings)).ToArray();
        findings.AddRange(study.Recordings.SelectMany(recording => recording.Skipped.Select(skipped =>
            new Finding("skipped", Severity.Note, $"{recording.Name}: {skipped.Run} was left out: {skipped.Reason}"))));
        return new StudyApplyResult
        {
            Study = study.Name,
            Calibration = document.Source,
            Groups = groups,
            Findings = [.. findings.Select(FindingRows.Of)],
        };
    }

    private static StudyApplyRow Apply(StudyGroup group, CalibrationDocument document, List<Finding> findings)
    {
        var before = ErrorStatistics.From(group.Runs.Select(run => run.CodeCarbonErrorPct));
        var row = new StudyApplyRow
        {
            Group = group.Name, Estimator = StudyCalibration.Estimator, N = group.Runs.Count, MaePctBefore = before.MeanAbsolute,
            MeterFloorPct = group.Runs.Average(run => run.CountPct / 3),
        };
        if (document.Laws.FirstOrDefault(law => law.Group == group.Name && law.Estimator == row.Estimator) is not { } entry)
        {
            findings.Add(new Finding("calibration-missing", Severity.Warning,
                $"{group.Name}: the file has no calibration for this group; it has {string.Join(", ", document.Laws.Select(law => law.Group))}"));
            return row;
        }

        if (entry.Fingerprint is { } machine && machine != StudyCalibration.Hardware(group))
        {
            findings.Add(new Finding("fingerprint-changed", Severity.Warning,
                $"{group.Name}: the calibration was fitted on {machine}, this was recorded on {StudyCalibration.Hardware(group)}; it does not hold for another machine"));
        }

        return WithErrors(row, group, entry, findings);
    }

    private static StudyApplyRow WithErrors(StudyApplyRow row, StudyGroup group, CalibrationEntry entry, List<Finding> findings)
    {
        var calibrated = group.Runs.Select(run => (Run: run,
            Energy: CalibratedEnergy.Of(entry, run.Experiment.EstimatorJ, run.Experiment.DurationS, 0, []))).ToArray();
        foreach (var rule in calibrated.SelectMany(pair => pair.Energy.Findings).GroupBy(finding => finding.Rule))
        {
            findings.Add(rule.Count() == 1 ? rule.First() : rule.First() with { Detail = $"{rule.First().Detail}; {rule.Count()} of {group.Runs.Count} runs in all" });
        }

        var usable = calibrated.Where(pair => pair.Energy.EnergyJ is not null).ToArray();
        var errors = ErrorStatistics.From(usable.Select(pair => ErrorStatistics.RelativeErrorPct(pair.Energy.EnergyJ!.Value, pair.Run.Experiment.MeterJ)));
        return row with
        {
            N = usable.Length,
            Refused = group.Runs.Count - usable.Length,
            MaePctBefore = ErrorStatistics.From(usable.Select(pair => pair.Run.CodeCarbonErrorPct)).MeanAbsolute,
            MaePctAfter = errors.MeanAbsolute,
            MedianAbsPctAfter = errors.MedianAbsolute,
            BiasPctAfter = errors.Bias,
            CoveredPct = usable.Length == 0 ? null : 100.0 * usable.Count(Covered) / usable.Length,
        };
    }

    // The meter's figure lies within the stated uncertainty and one count of itself.
    private static bool Covered((StudyRun Run, CalibratedEnergy Energy) pair) =>
        Math.Abs(pair.Energy.EnergyJ!.Value - pair.Run.Experiment.MeterJ) <= pair.Energy.UncertaintyJ!.Value + pair.Run.ResolutionJ;
}
