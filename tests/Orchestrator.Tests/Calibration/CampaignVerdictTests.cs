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
    public void A_meter_of_unknown_accuracy_shows_no_bias_and_no_equivalence()
    {
        // Alike to a hundredth of a percent, and nobody knows of what the meter is off.
        ErrorPoint[] unknown = [.. Enumerable.Range(0, 20).Select(i => new ErrorPoint(1 + 0.01 * (i % 3), null, 0, $"kind {i % 5}"))];
        var row = SummaryRows.Of("g", "e", unknown, 5);
        Assert.Null(row.BiasP);
        Assert.Null(row.EquivalenceP);
        Assert.Null(row.Equivalent);
        Assert.Null(row.RunsFor1Pct);
        Assert.Null(row.MeterExplainsPct);
        Assert.NotNull(row.BiasByKindCi95Pct);
        var known = SummaryRows.Of("g", "e", [.. unknown.Select(point => point with { StandardPct = 0.5, SystematicPct = 0.4 })], 5);
        Assert.True(known.Equivalent);
        Assert.NotNull(known.RunsFor1Pct);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Few_runs_or_none_make_a_row_without_what_they_cannot_carry(int runs)
    {
        var row = SummaryRows.Of("g", "e", [.. Enumerable.Range(0, runs).Select(i => new ErrorPoint(10 + i, 0.5, 0.4, "one"))], 5);
        Assert.Equal((runs, runs > 0, runs > 1, runs > 1), (row.N, row.BiasPct is not null, row.BiasCi95Pct is not null, row.LimitsCi95Pct is not null));
        Assert.DoesNotContain("NaN", JsonSerializer.Serialize(row, ResultsJson.Options), StringComparison.Ordinal);
    }

    [Fact]
    public void What_limits_a_comparison_is_said_and_every_row_has_its_units()
    {
        var (before, after) = (KnownCampaign.Results(id: "a"), KnownCampaign.Results(id: "b"));

        Assert.Empty(CampaignComparison.Of(before, after).Findings);
        Assert.All(CampaignComparison.Of(before, after).Rows, row => Assert.Equal(
            row.What switch { "meter energy" => ("J", "%"), "duration" => ("s", "%"), _ => ("%", "points") }, (row.Unit, row.ChangeUnit)));
        Assert.Equal("other-rig", Assert.Single(CampaignComparison.Of(before, after with { Rig = "another" }).Findings).Rule);
        Assert.Equal("order", Assert.Single(CampaignComparison.Of(before with { Started = "2026-02-01T01:00:00Z" }, after).Findings).Rule);
        var none = CampaignComparison.Of(before, after with { Runs = [.. after.Runs.Select(run => run with { Valid = false })] });
        Assert.Empty(none.Rows);
        Assert.Equal("nothing-in-common", Assert.Single(none.Findings).Rule);
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
