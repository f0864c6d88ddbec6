using System.Text.Json;

using MeterLab.Orchestrator.Calibration;
using MeterLab.Orchestrator.Reconciliation;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Orchestrator.Tests.Calibration;

public sealed class CampaignVerdictTests
{
    private static CampaignResults Complete(int workloads = 5) => CampaignVerdict.Complete(KnownCampaign.Results(workloads));

    [Fact]
    public void The_law_is_found_and_judged_by_workload()
    {
        var row = Assert.Single(Complete().Calibration);

        Assert.Equal(("node1", "node1/*", "codecarbon", "leave-one-workload-out"), (row.Target, row.Group, row.Estimator, row.CrossValidation));
        Assert.InRange(Math.Abs(row.Gain!.Value - KnownCampaign.Gain), 0, row.GainUncertainty!.Value);
        Assert.InRange(Math.Abs(row.UnseenStaticW!.Value - KnownCampaign.UnseenW), 0, row.UnseenStaticUncertaintyW!.Value);
        // The meter's gain of 0.4 % is in it, twice.
        Assert.True(row.GainUncertainty > 2 * 0.004 * KnownCampaign.Gain);
        Assert.InRange(row.MaePctAfter!.Value, 0, 1);
        Assert.True(row.MaePctBefore > 20);
    }

    [Fact]
    public void An_estimator_of_time_alone_has_a_note_and_no_row()
    {
        var finding = Assert.Single(Complete().Findings, finding => finding.Rule == "calibration-undetermined");

        Assert.Equal("note", finding.Severity);
        Assert.Contains("ml-co2-impact", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Fewer_workloads_are_judged_by_parameters_or_runs() =>
        Assert.Equal("leave-one-run-out", Assert.Single(Complete(workloads: 2).Calibration).CrossValidation);

    [Fact]
    public void Runs_of_practically_one_power_give_no_gain_and_no_parts()
    {
        var results = KnownCampaign.Results();
        var alike = CampaignVerdict.Complete(results with
        {
            Runs = [.. results.Runs.Select((run, i) => run with
            {
                Estimators = [.. run.Estimators.Select(one => one with { EnergyJ = run.DurationS * (65 + 0.01 * (i % 3)) })],
            })],
        });

        Assert.Empty(alike.Calibration);
        Assert.All(alike.Runs.SelectMany(run => run.Estimators), estimate => Assert.Null(estimate.Parts));
    }

    [Fact]
    public void Every_error_is_taken_apart_and_its_parts_sum_to_it()
    {
        foreach (var estimate in Complete().Runs.SelectMany(run => run.Estimators.Where(one => one.Estimator == "codecarbon")))
        {
            var parts = estimate.Parts!;
            Assert.Equal(estimate.ErrorPct!.Value, parts.GainPct + parts.StaticPct + parts.WindowPct + parts.RestPct, 9);
            Assert.True(parts.GainPct < 0 && parts.StaticPct < 0 && parts.WindowPct < 0);
            Assert.InRange(estimate.MeterExplainsPct!.Value, 0.1, 10);
        }
    }

    [Fact]
    public void The_summary_counts_kinds_of_work_and_says_how_sure_it_is()
    {
        var results = Complete();
        var row = results.Breakdown.Single(row => row is { By: "target", Estimator: "codecarbon" });

        Assert.Equal((20, 5), (row.N, row.Kinds));
        Assert.True(row.BiasByKindCi95Pct![1] - row.BiasByKindCi95Pct[0] > row.BiasCi95Pct![1] - row.BiasCi95Pct[0]);
        Assert.False(row.Equivalent);
        Assert.True(row.BiasPAdjusted >= row.BiasP);
        Assert.Equal(row.BiasPct!.Value, row.Parts!.GainPct + row.Parts.StaticPct + row.Parts.WindowPct + row.Parts.RestPct, 9);
        Assert.Equal(5, results.Summary.Count(one => one.Estimator == "codecarbon"));
        Assert.Equal(["llama", "resnet"], results.Breakdown.Where(one => one is { By: "model-family", Estimator: "codecarbon" }).Select(one => one.Group));
        Assert.Equal(["3.0.4"], results.Breakdown.Where(one => one.By == "version").Select(one => one.Group));
        Assert.Equal(["gpu"], results.Breakdown.Where(one => one is { By: "device", Estimator: "codecarbon" }).Select(one => one.Group));
    }

    [Fact]
    public void Completing_twice_or_through_JSON_changes_no_figure()
    {
        var once = Complete();
        var read = JsonSerializer.Deserialize<CampaignResults>(JsonSerializer.Serialize(once, ResultsJson.Options), ResultsJson.Options)!;

        Assert.Equal(
            JsonSerializer.Serialize(once.Calibration, ResultsJson.Options),
            JsonSerializer.Serialize(CampaignVerdict.Complete(read).Calibration, ResultsJson.Options));
    }

    [Fact]
    public void Further_terms_are_differences_from_the_first()
    {
        var (rows, laws, _) = CampaignCalibration.Of(KnownCampaign.Results().Runs, new CalibrationGrouping(Terms: FurtherTerms.Workloads, LeaveOut: LeaveOut.Run));

        var row = rows.Single(row => row.Estimator == "codecarbon");
        // One power a workload: its own constant cannot be told from the gain.
        Assert.True(row.Gain is null || row.Terms.Count == 4);
        Assert.Equal(row.Gain is null ? 0 : 1, laws.Count(law => law.Estimator == "codecarbon"));
    }

    [Fact]
    public void Two_campaigns_differ_where_they_do()
    {
        var (before, after) = (KnownCampaign.Results(id: "a"), KnownCampaign.Results(change: 1.03, id: "b"));

        var changed = CampaignComparison.Of(before, after);
        var same = CampaignComparison.Of(before, KnownCampaign.Results(id: "c"));

        var energy = changed.Rows.Single(row => row is { Group: "*", What: "meter energy" });
        Assert.Equal(3, energy.Change, 0.01);
        Assert.All(changed.Rows.Where(row => row is { What: "error of codecarbon", Group: not "*" }), row => Assert.True(row.Real));
        Assert.DoesNotContain(same.Rows, row => row.Real == true);
        Assert.Contains("node1/w4 model=resnet4", CampaignComparison.Of(before, KnownCampaign.Results(workloads: 4, id: "d")).Unmatched);
    }
}
