using MeterLab.Estimators;
using MeterLab.Measurement;
using MeterLab.Orchestrator.Calibration;
using MeterLab.Orchestrator.Reports;
using MeterLab.Storage;
using MeterLab.Storage.Results;
using MeterLab.TestKit;

namespace MeterLab.Orchestrator.Tests.Calibration;

public sealed class CalibrationFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("meterlab-calibration-");

    private Store Open() => Store.Open(Path.Combine(_folder.FullName, "lab.db"), new StoreOptions { Clock = new FakeHostClock() });

    private CalibrationDocument Document(CalibrationGrouping? grouping = null, BaselineRecord? baseline = null)
    {
        using var store = Open();
        if (baseline is not null)
            store.Baselines.Add(baseline);
        return Calibrations.OfCampaign(KnownCampaign.Results(), store, grouping ?? new CalibrationGrouping(), "test");
    }

    private CalibrationDocument Read(string text)
    {
        var path = Path.Combine(_folder.FullName, "calibration.json");
        File.WriteAllText(path, text);
        return CalibrationFile.Read(path);
    }

    private static EstimatorRow Row(double joules, double seconds, string? version = "3.0.4") =>
        new() { Run = "r", EnergyJ = joules, DurationS = seconds, Version = version };

    private static CalibratedRow Apply(CalibrationDocument document, EstimatorRow row, string? group = null) =>
        Assert.Single(EstimateApplication.Of(new EstimatorOutput("codecarbon", "3.0.4", [row], []), document, null, group).Rows);

    [Fact]
    public void What_was_written_is_read_and_applied()
    {
        var row = Apply(Read(CalibrationFile.Write(Document())), Row(100 * 80, 80));

        var truth = KnownCampaign.Gain * 8000 + KnownCampaign.UnseenW * 80;
        Assert.InRange(Math.Abs(row.CalibratedJ!.Value - truth), 0, row.UncertaintyJ!.Value);
        Assert.InRange(row.UncertaintyJ.Value / truth, 0.008, 0.05);
        Assert.Empty(row.Findings);
    }

    [Theory]
    [InlineData(290, "warning", true)]
    [InlineData(900, "invalid", false)]
    [InlineData(10, "invalid", false)]
    public void Powers_outside_the_fit_are_flagged_and_far_outside_refused(double watts, string severity, bool figure)
    {
        var row = Apply(Document(), Row(watts * 80, 80));

        Assert.Equal(("extrapolation", severity), (row.Findings[0].Rule, row.Findings[0].Severity));
        Assert.Equal(figure, row.CalibratedJ is not null);
    }

    [Fact]
    public void Another_version_a_prediction_and_a_missing_duration_are_said()
    {
        Assert.Contains(Apply(Document(), Row(8000, 80, "2.3.5")).Findings, finding => finding.Rule == "estimator-version");
        Assert.Null(Apply(Document(), Row(8000, 80) with { Predicted = true }).CalibratedJ);
        Assert.Contains(Apply(Document(), Row(8000, 80) with { DurationS = null }).Findings, finding => finding.Rule == "calibration-incomplete");
    }

    [Fact]
    public void Rows_of_another_machine_are_told_from_those_of_the_fits_where_they_say()
    {
        var document = Document() with { SourceKind = "study" };
        document = document with { Laws = [document.Laws[0] with { Fingerprint = "NVIDIA GeForce RTX 4090" }] };
        IReadOnlyList<FindingRow> Found(CalibrationDocument by, params string[] processors) => EstimateApplication.Of(
            new EstimatorOutput("codecarbon", "3.0.4", [Row(8000, 80) with { Processors = processors }], []), by, null, null).Findings;

        Assert.Empty(Found(document, "AMD EPYC", "2 x nvidia geforce rtx 4090"));
        var other = Assert.Single(Found(document, "AMD EPYC"));
        Assert.Equal(("fingerprint-changed", "warning"), (other.Rule, other.Severity));
        Assert.Contains("AMD EPYC", other.Detail, StringComparison.Ordinal);
        Assert.Equal("machine-unchecked", Assert.Single(Found(document)).Rule);
        // A campaign's machine is a hash, which no estimator's file holds.
        Assert.Equal("machine-unchecked", Assert.Single(Found(document with { SourceKind = "campaign" }, "AMD EPYC")).Rule);
    }

    [Fact]
    public void A_file_of_something_else_is_refused_without_quoting_all_of_it()
    {
        var e = Assert.Throws<ConfigurationException>(() => Read("timestamp,project_name,run_id," + new string('x', 5000)));
        Assert.Contains("line 1", e.Message, StringComparison.Ordinal);
        Assert.InRange(e.Message.Length, 20, 400);
    }

    [Fact]
    public void Where_the_kind_of_work_is_not_known_the_figure_covers_all()
    {
        var document = Document();
        var other = document.Laws[0] with { Group = "node1/other", Coefficients = [1.1, 50] };
        var both = document with { Laws = [document.Laws[0], other] };

        var (one, two) = (Apply(both, Row(8000, 80), document.Laws[0].Group), Apply(both, Row(8000, 80), "node1/other"));
        var unknown = Apply(both, Row(8000, 80));

        Assert.Equal(2, unknown.Groups.Count);
        foreach (var known in new[] { one, two })
        {
            Assert.True(unknown.CalibratedJ - unknown.UncertaintyJ <= known.CalibratedJ - known.UncertaintyJ + 1e-9);
            Assert.True(unknown.CalibratedJ + unknown.UncertaintyJ >= known.CalibratedJ + known.UncertaintyJ - 1e-9);
        }
    }

    [Fact]
    public void The_estimators_own_settings_give_the_same_law()
    {
        var law = Document().Laws[0];
        var settings = law.EstimatorConfiguration!.Settings;
        var (pue, ram) = (double.Parse(settings["pue"], null), double.Parse(settings["force_ram_power"].Split(' ')[^1], null));

        // The estimator multiplies what it sees and the memory's constant power by pue.
        Assert.Equal(law.Coefficients[0] * 8000 + law.Coefficients[1] * 80, pue * (8000 + ram * 80), 5.0);
        Assert.True(Math.Abs(law.EstimatorConfiguration.FactorAloneErrorPct[0]) > 5);
    }

    [Theory]
    [InlineData(50, "note")]
    [InlineData(90, "warning")]
    public void Fit_and_idle_difference_are_compared(double idle, string severity)
    {
        // 12 W by the estimator at idle: 1.25 x 12 + 35 = 50 W.
        var baseline = new BaselineRecord
        {
            Target = "node1", Scope = "wall-ac", MeasuredUtcNs = 1, StaticW = idle, StandardUncertaintyW = 0.3, Fingerprint = "abc",
            Document = """{"estimators_at_idle":[{"estimator":"codecarbon","power_w":12}]}""",
        };
        var document = Document(baseline: baseline);

        Assert.Equal(severity, Assert.Single(document.Findings, finding => finding.Rule == "calibration-idle").Severity);
        Assert.Equal("abc", document.Laws[0].Fingerprint);
        Assert.Equal(idle - 15, document.Calibration.Single(row => row.Estimator == "codecarbon").IdleUnseenStaticW!.Value, 1.0);
    }

    [Fact]
    public void An_idle_difference_that_takes_part_makes_the_unseen_power_surer()
    {
        var baseline = new BaselineRecord
        {
            Target = "node1", Scope = "wall-ac", MeasuredUtcNs = 1, StaticW = 50, StandardUncertaintyW = 0.1, Fingerprint = "abc",
            Document = """{"estimators_at_idle":[{"estimator":"codecarbon","power_w":12}]}""",
        };

        var with = Document(new CalibrationGrouping(UseIdle: true), baseline).Calibration.Single(row => row.Estimator == "codecarbon");
        var without = Document().Calibration.Single(row => row.Estimator == "codecarbon");

        Assert.True(with.UnseenStaticUncertaintyW < without.UnseenStaticUncertaintyW);
    }

    [Theory]
    [InlineData("{}", "format")]
    [InlineData("nothing", "no file of calibrations")]
    public void Other_files_are_refused_by_name(string text, string says)
    {
        var e = Assert.Throws<ConfigurationException>(() => Read(text));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.Contains("calibration.json", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_with_a_broken_law_is_refused()
    {
        var document = Document();
        var broken = document with { Laws = [document.Laws[0] with { Covariance = [[1]] }] };

        Assert.Contains("covariance", Assert.Throws<ConfigurationException>(() => Read(CalibrationFile.Write(broken))).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
