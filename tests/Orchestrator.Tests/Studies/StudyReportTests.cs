using System.Text.Json;

using MeterLab.Measurement;
using MeterLab.Orchestrator.Calibration;
using MeterLab.Orchestrator.Reports;
using MeterLab.Orchestrator.Studies;
using MeterLab.Storage;
using MeterLab.Storage.Studies;
using MeterLab.TestKit;

namespace MeterLab.Orchestrator.Tests.Studies;

public sealed class StudyReportTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("meterlab-study-");

    private Store Open() => Store.Open(Path.Combine(_folder.FullName, "study.db"), new StoreOptions { Clock = new FakeHostClock() });

    private static string? Published =>
        RepositoryFiles.Shared is { } shared && Path.Combine(shared, "data", "fischer-2025") is var path && Directory.Exists(path) ? path : null;

    private static string Defects { get; } = RepositoryFiles.Path("tests", "Orchestrator.Tests", "Studies", "Fixtures", "defects");

    private static StudyExperiment Experiment(string model, double seconds, double estimate, double meter, int number) => new()
    {
        Run = $"r{number}", Architecture = "NVIDIA GeForce RTX 4090", Model = model, Parameters = new Dictionary<string, string>(),
        StartUtcNs = number * 1_000_000_000_000L, EndUtcNs = number * 1_000_000_000_000L + (long)(seconds * 1e9), DurationS = seconds,
        EstimatorJ = estimate, MeterStartJ = 0, MeterStopJ = meter,
    };

    private static StudyReportResult Report(params StudyExperiment[] experiments) => StudyReport.Of(new StudyRecord("s",
        [new StudyRecording { Name = "imagenet_1", Sha256 = "", ResolutionJ = 3600, Experiments = experiments, Skipped = [], Findings = [] }]));

    [Theory]
    [InlineData("language-gpu", "codecarbon", 39, -20.2250, 1.6479, -24.9606, -20.1722, -12.6590, 20.2250)]
    [InlineData("language-gpu", "ml-co2-impact", 39, -29.1226, 14.2894, -44.1829, -34.1781, 15.9397, 30.7331)]
    [InlineData("vision-cpu", "codecarbon", 60, -36.4948, 11.8754, -67.1594, -31.2944, -25.4044, 36.4948)]
    [InlineData("vision-cpu", "ml-co2-impact", 60, -38.9663, 42.5003, -67.4699, -62.4065, 95.1327, 54.2752)]
    [InlineData("vision-gpu", "codecarbon", 60, -26.9157, 3.6443, -34.8293, -27.2536, -19.0056, 26.9157)]
    [InlineData("vision-gpu", "ml-co2-impact", 60, 8.7823, 23.3406, -36.8317, 6.0838, 79.1962, 19.5965)]
    public void The_published_errors_come_out_to_four_decimals(
        string group, string estimator, int n, double bias, double sd, double min, double median, double max, double mae)
    {
        if (Published is not { } folder)
        {
            Assert.Skip("the published recordings do not lie beside the repository");
            return;
        }

        var row = Assert.Single(StudyReport.Of(StudyReader.Read(folder).Study).Groups, row => row.Group == group && row.Estimator == estimator);

        Assert.Equal(n, row.N);
        Assert.Equal(bias, row.BiasPct!.Value, 4);
        Assert.Equal(sd, row.SdPct!.Value, 4);
        Assert.Equal(min, row.MinPct!.Value, 4);
        Assert.Equal(median, row.MedianPct!.Value, 4);
        Assert.Equal(max, row.MaxPct!.Value, 4);
        Assert.Equal(mae, row.MaePct!.Value, 4);
    }

    // The plain fit of the published recordings: gain, unseen power, left-out mean absolute error, the meter's floor.
    [Theory]
    [InlineData("language-gpu", 1.1763, 25.98, 0.90, 0.31, true)]
    [InlineData("vision-cpu", 1.2537, 40.74, 4.54, 5.05, false)]
    [InlineData("vision-gpu", 1.2189, 29.60, 3.70, 3.44, false)]
    public void The_published_calibrations_agree_with_the_plain_fit_and_are_no_worse(
        string group, double gain, double unseen, double mae, double floor, bool better)
    {
        if (Published is not { } folder)
        {
            Assert.Skip("the published recordings do not lie beside the repository");
            return;
        }

        var row = Assert.Single(StudyReport.Of(StudyReader.Read(folder).Study).Calibration, row => row.Group == group);

        Assert.InRange(Math.Abs(row.Gain!.Value - gain), 0, row.GainUncertainty!.Value);
        Assert.InRange(Math.Abs(row.UnseenStaticW!.Value - unseen), 0, row.UnseenStaticUncertaintyW!.Value);
        Assert.InRange(row.MaePctAfter!.Value, 0, better ? mae - 0.05 : mae + 0.25);
        Assert.Equal(floor, row.MeterFloorPct!.Value, 2);
        Assert.InRange(row.UnseenStaticUncertaintyW.Value, 1, 25);
        Assert.InRange(row.GainUncertainty.Value, 0.001, 0.1);
        Assert.Equal(row.UnseenStaticUncertaintyW.Value, row.K!.Value * Math.Sqrt(row.Covariance![1][1]), 9);
        Assert.True(row.MaeGainCi95Pct![0] > 10);
        if (!better)
            Assert.Equal(100, row.WithinOneCountPct);
    }

    [Fact]
    public void A_calibration_of_half_the_models_holds_for_the_other_half()
    {
        if (Published is not { } folder)
        {
            Assert.Skip("the published recordings do not lie beside the repository");
            return;
        }

        using var store = Open();
        var (study, _) = StudyReader.Read(folder);
        new StudyStore(store).Import(study with { Recordings = [.. study.Recordings.Select(Half)] });
        var document = Calibrations.OfStudy(new StudyStore(store), "fischer-2025", "test");
        var path = Path.Combine(_folder.FullName, "calibration.json");
        File.WriteAllText(path, CalibrationFile.Write(document));

        var applied = StudyApplication.Of(folder, CalibrationFile.Read(path));

        Assert.Equal(["language-gpu", "vision-cpu", "vision-gpu"], applied.Groups.Select(row => row.Group));
        Assert.All(applied.Groups, row => Assert.InRange(row.MaePctAfter!.Value, 0, row.MeterFloorPct!.Value + 1));
        Assert.All(applied.Groups, row => Assert.InRange(row.CoveredPct!.Value, 90, 100));
        Assert.All(applied.Groups, row => Assert.Equal(0, row.Refused));
    }

    private static StudyRecording Half(StudyRecording recording)
    {
        var models = recording.Experiments.Select(experiment => experiment.Model).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Where((_, i) => i % 2 == 0).ToHashSet();
        return recording with { Experiments = [.. recording.Experiments.Where(experiment => models.Contains(experiment.Model))] };
    }

    [Fact]
    public void The_published_study_is_imported_whole_and_what_is_wrong_with_it_is_said()
    {
        if (Published is not { } folder)
        {
            Assert.Skip("the published recordings do not lie beside the repository");
            return;
        }

        using var store = Open();
        var import = StudyImporter.Import(folder, new StudyStore(store));
        var report = StudyReport.Of(new StudyStore(store), "fischer-2025");

        Assert.Equal(159, import.Experiments);
        Assert.Equal(159, report.Experiments);
        Assert.Single(import.Skipped);
        Assert.Equal(2, import.Recordings.Count);
        foreach (var rule in new[] { "meter-resolution", "meter-window", "repeatability-unmeasured", "static-power" })
            Assert.Equal(3, report.Findings.Count(finding => finding.Rule == rule));
        Assert.Contains(report.Findings, finding => finding.Rule == "run-too-short" && finding.Detail.StartsWith("vision-gpu: 60 of 60", StringComparison.Ordinal));
    }

    [Fact]
    public void Importing_twice_changes_nothing()
    {
        using var store = Open();
        var studies = new StudyStore(store);

        var first = StudyImporter.Import(Defects, studies);
        var before = store.Info().Rows;
        var report = JsonSerializer.Serialize(StudyReport.Of(studies, null), ResultsJson.Options);
        var second = StudyImporter.Import(Defects, studies);

        Assert.Equal(1, first.Changed);
        Assert.Equal(0, second.Changed);
        Assert.Equal(before, store.Info().Rows);
        Assert.Equal(first.Experiments, second.Experiments);
        Assert.Equal(report, JsonSerializer.Serialize(StudyReport.Of(studies, "defects"), ResultsJson.Options));
    }

    [Fact]
    public void Files_that_changed_count_from_then_on_and_the_older_ones_can_come_back()
    {
        using var store = Open();
        var studies = new StudyStore(store);
        var (study, _) = StudyReader.Read(Defects);
        var changed = study with { Recordings = [study.Recordings[0] with { Sha256 = "other", Experiments = [study.Recordings[0].Experiments[0]] }] };

        Assert.Equal(1, studies.Import(study));
        Assert.Equal(1, studies.Import(changed));
        Assert.Single(studies.Find("defects")!.Recordings[0].Experiments);
        Assert.Equal(1, studies.Import(study));
        Assert.Equal(8, studies.Find("defects")!.Recordings[0].Experiments.Count);
    }

    [Fact]
    public void What_was_stored_is_what_was_read()
    {
        using var store = Open();
        var studies = new StudyStore(store);
        var (study, _) = StudyReader.Read(Defects);
        studies.Import(study);

        var options = new JsonSerializerOptions { WriteIndented = true };
        Assert.Equal(JsonSerializer.Serialize(study, options), JsonSerializer.Serialize(studies.Find("defects"), options));
    }

    [Fact]
    public void Another_recording_makes_groups_of_its_own()
    {
        var report = StudyReport.Of(StudyReader.Read(Defects).Study);

        Assert.Equal(["whisper-gpu", "whisper-gpu"], report.Groups.Select(row => row.Group));
        Assert.Equal(8, report.Groups[1].N);
        Assert.Contains(report.Findings, finding => finding.Detail.Contains("400 W for NVIDIA A100-SXM4-80GB", StringComparison.Ordinal));
        Assert.Contains(report.Findings, finding => finding is { Rule: "skipped" } && finding.Detail.Contains("no-stop-image", StringComparison.Ordinal));
        Assert.Contains(report.Findings, finding => finding.Rule == "reading-backwards");
    }

    [Fact]
    public void A_part_that_nobody_lists_has_no_static_figure_and_is_said()
    {
        var report = Report(Experiment("m", 100, 20_000, 30_000, 1) with { Architecture = "NVIDIA Unheard 1" });

        Assert.Equal(0, report.Groups[1].N);
        Assert.Null(report.Groups[1].BiasPct);
        Assert.Contains(report.Findings, finding => finding.Rule == "power-unknown" && finding.Detail.Contains("NVIDIA Unheard 1", StringComparison.Ordinal));
    }

    [Fact]
    public void An_exact_law_is_found_and_holds_for_models_it_has_not_seen()
    {
        StudyExperiment Exact(string model, double seconds, double estimate, int number) =>
            Experiment(model, seconds, estimate, 1.2 * estimate + 30 * seconds, number);

        var row = Assert.Single(Report(
            Exact("a", 100, 20_000, 1), Exact("a", 120, 50_000, 2), Exact("b", 90, 40_000, 3), Exact("b", 150, 30_000, 4), Exact("c", 110, 70_000, 5)).Calibration);

        Assert.Equal(1.2, row.Gain!.Value, 3);
        Assert.Equal(30, row.UnseenStaticW!.Value, 0.5);
        Assert.InRange(row.MaePctAfter!.Value, 0, 0.05);
        Assert.True(row.MaePctBefore > 20);
    }

    [Fact]
    public void One_model_alone_is_fitted_and_not_judged()
    {
        var report = Report(Experiment("a", 100, 20_000, 27_000, 1), Experiment("a", 120, 50_000, 64_000, 2), Experiment("a", 90, 30_000, 39_000, 3));

        var row = Assert.Single(report.Calibration);
        Assert.NotNull(row.Gain);
        Assert.Null(row.MaePctAfter);
        Assert.Contains(report.Findings, finding => finding.Rule == "cross-validation");
    }

    [Fact]
    public void Runs_in_one_proportion_determine_nothing()
    {
        var report = Report(Experiment("a", 100, 20_000, 27_000, 1), Experiment("b", 200, 40_000, 54_000, 2));

        Assert.Null(Assert.Single(report.Calibration).Gain);
        Assert.Contains(report.Findings, finding => finding.Rule == "calibration-undetermined");
    }

    [Fact]
    public void The_report_reads_as_the_contract_has_it()
    {
        using var json = JsonDocument.Parse(JsonSerializer.Serialize(StudyReport.Of(StudyReader.Read(Defects).Study), ResultsJson.Options));
        var group = json.RootElement.GetProperty("groups")[0];
        var calibration = json.RootElement.GetProperty("calibration")[0];

        Assert.Equal("defects", json.RootElement.GetProperty("study").GetString());
        Assert.Equal(8, json.RootElement.GetProperty("experiments").GetInt32());
        foreach (var name in new[] { "group", "estimator", "n", "bias_pct", "bias_ci95_pct", "sd_pct", "limits_of_agreement_pct", "mae_pct", "min_pct", "median_pct", "max_pct" })
            Assert.True(group.TryGetProperty(name, out _), name);
        foreach (var name in new[] { "group", "estimator", "gain", "gain_uncertainty", "unseen_static_w", "unseen_static_uncertainty_w", "cross_validation", "mae_pct_before", "mae_pct_after", "median_abs_pct_after", "meter_floor_pct" })
            Assert.True(calibration.TryGetProperty(name, out _), name);
        Assert.Equal("leave-one-model-out", calibration.GetProperty("cross_validation").GetString());
    }

    [Fact]
    public void A_study_that_is_not_there_is_answered_with_the_nearest_name()
    {
        using var store = Open();
        var studies = new StudyStore(store);

        Assert.Contains("holds no study;", Assert.Throws<ConfigurationException>(() => StudyReport.Of(studies, null)).Message, StringComparison.Ordinal);
        StudyImporter.Import(Defects, studies);
        Assert.Contains("did you mean 'defects'?", Assert.Throws<ConfigurationException>(() => StudyReport.Of(studies, "defect")).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
