using System.Text.Json;

using MeterLab.Measurement;
using MeterLab.Measurement.Calibration;
using MeterLab.Orchestrator.Reconciliation;
using MeterLab.Orchestrator.Reports;
using MeterLab.Orchestrator.Studies;
using MeterLab.Storage;
using MeterLab.Storage.Results;
using MeterLab.Storage.Studies;

namespace MeterLab.Orchestrator.Calibration;

/// <summary>Calibrations of what the store holds.</summary>
public static class Calibrations
{
    // What an estimator's power at idle is good for, where the baseline does not say: its figure moves by so much between baselines.
    private const double EstimateAtIdleRelative = 0.05;

    /// <summary>The calibrations of a campaign; the newest baselines of its targets tell the machines and their idle differences.</summary>
    public static CalibrationDocument OfCampaign(CampaignResults results, Store store, CalibrationGrouping grouping, string version)
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(grouping);
        var (rows, laws, findings) = CampaignCalibration.Of(results.Runs, grouping, (target, scope, estimator) => Idle(store.Baselines.Latest(target, scope), estimator));
        return Document(results.Id, "campaign", rows, laws, findings, version);
    }

    /// <summary>The calibrations of a study: one for each group. Throws <see cref="ConfigurationException"/> where there is no such study.</summary>
    public static CalibrationDocument OfStudy(StudyStore studies, string? name, string version)
    {
        var study = StudyReport.Find(studies, name);
        var judged = StudyGroup.Of(study).Select(group => CalibrationJudge.Of(StudyCalibration.Of(group))).ToArray();
        return Document(
            study.Name, "study", [.. judged.Select(one => one.Row)], [.. judged.Select(one => one.Entry).OfType<CalibrationEntry>()],
            [.. judged.SelectMany(one => one.Findings)], version);
    }

    private static CalibrationDocument Document(
        string source, string kind, IReadOnlyList<CalibrationRow> rows, IReadOnlyList<CalibrationEntry> laws, IReadOnlyList<Finding> findings, string version) => new()
        {
            Format = CalibrationFile.Format,
            MeterlabVersion = version,
            Source = source,
            SourceKind = kind,
            Calibration = rows,
            Laws = laws,
            Findings = [.. findings.Select(FindingRows.Of)],
        };

    private static IdleFacts? Idle(BaselineRecord? baseline, string estimator)
    {
        if (baseline is null)
            return null;
        try
        {
            var document = JsonSerializer.Deserialize<IdleDocument>(baseline.Document, ResultsJson.Options);
            var claim = document?.EstimatorsAtIdle?.FirstOrDefault(row => row.Estimator == estimator)?.PowerW;
            return new IdleFacts(baseline.Fingerprint, claim is { } power && baseline.StandardUncertaintyW > 0
                ? new IdleDifference(baseline.StaticW, baseline.StandardUncertaintyW, power, EstimateAtIdleRelative * Math.Abs(power))
                : null);
        }
        catch (JsonException)
        {
            // A baseline of another version: its machine is known, its estimators are not.
            return new IdleFacts(baseline.Fingerprint, null);
        }
    }

    private sealed record IdleDocument
    {
        public IReadOnlyList<IdleRow>? EstimatorsAtIdle { get; init; }
    }

    private sealed record IdleRow
    {
        public string? Estimator { get; init; }
        public double? PowerW { get; init; }
    }
}
