using MeterLab.Measurement;
using MeterLab.Orchestrator.Studies;
using MeterLab.Storage.Studies;
using MeterLab.TestKit;

namespace MeterLab.Orchestrator.Tests.Studies;

public sealed class StudyReaderTests : IDisposable
{
    private const string Header = "run_id,start_time,end_time,metrics.running_time_total,metrics.power_draw_total,params.architecture,params.model\n";
    private const string ImageHeader = ",ocr,value,manual,val_diff,still_errors\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("meterlab-study-");

    private static string Defects { get; } = RepositoryFiles.Path("tests", "Orchestrator.Tests", "Studies", "Fixtures", "defects");

    private static StudyRecording ReadDefects() => Assert.Single(StudyReader.Read(Defects).Study.Recordings);

    private StudyRecording Read(string experiments, string images, string name = "talk_30")
    {
        File.WriteAllText(Path.Combine(_folder.FullName, name + ".csv"), experiments);
        File.WriteAllText(Path.Combine(_folder.FullName, name + "_image_analysis.csv"), images);
        return Assert.Single(StudyReader.Read(_folder.FullName).Study.Recordings);
    }

    private static string Run(string run) => $"{run},2026-01-01 10:00:00+00:00,2026-01-01 10:01:00+00:00,50,20000,NVIDIA X,m\n";

    [Fact]
    public void What_is_whole_is_kept_in_order_of_time()
    {
        var recording = ReadDefects();

        Assert.Equal(["run00", "run01", "run02", "run03", "run04", "run05", "misread-before", "misread-after"], recording.Experiments.Select(experiment => experiment.Run));
        var first = recording.Experiments[0];
        Assert.Equal(0.007 * 3.6e6, first.MeterJ, 1e-3);
        Assert.Equal(20000, first.EstimatorJ);
        Assert.Equal(40, first.DurationS);
        Assert.Equal("a", first.Model);
        Assert.Equal("4", first.Parameters["batchsize"]);
        Assert.Equal(1767348000_000_000_000, first.StartUtcNs);
        Assert.Equal(50_500_000_000, first.EndUtcNs - first.StartUtcNs);
        Assert.Equal(3600, recording.ResolutionJ);
    }

    [Theory]
    [InlineData("no-stop-image", "no stop image")]
    [InlineData("no-start-image", "no start image")]
    [InlineData("empty-energy", "empty field: metrics.power_draw_total")]
    [InlineData("runs-backwards", "runs backwards in it")]
    [InlineData("stands-still", "did not move")]
    [InlineData("reading-not-read", "no number: '4.6l3'")]
    [InlineData("reading-empty", "empty field: value of its stop image")]
    [InlineData("no-duration", "'forty'")]
    [InlineData("twice", "stands 2 times")]
    [InlineData("two-stops", "2 stop images")]
    [InlineData("short-row", "has 3 of 9 fields")]
    [InlineData("nobody", "of a run that whisper_40.csv does not have")]
    [InlineData("overview.jpg", "names no capture")]
    public void What_is_not_whole_is_left_out_by_name(string run, string reason) =>
        Assert.Contains(ReadDefects().Skipped, skipped => skipped.Run == run && skipped.Reason.Contains(reason, StringComparison.Ordinal));

    [Fact]
    public void Nothing_else_is_left_out()
    {
        var skipped = ReadDefects().Skipped;

        Assert.Equal(13, skipped.Select(row => row.Run).Distinct().Count());
        Assert.Equal(14, skipped.Count);
    }

    [Fact]
    public void A_reading_that_runs_backwards_between_runs_is_a_finding_and_both_runs_stay()
    {
        var finding = Assert.Single(ReadDefects().Findings, finding => finding.Rule == "reading-backwards");

        Assert.Contains("misread-before (after it 2.009 kWh)", finding.Detail, StringComparison.Ordinal);
        Assert.Contains("misread-after (before it 1.996 kWh)", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_written_difference_that_is_none_of_the_readings_is_a_finding() =>
        Assert.Equal(
            "misread-after: the image file writes a difference of 0.012 kWh, its readings differ by 0.009 kWh; the readings are used",
            Assert.Single(ReadDefects().Findings, finding => finding.Rule == "difference").Detail);

    [Fact]
    public void A_file_without_its_partner_is_named() =>
        Assert.Contains(StudyReader.Read(Defects).Findings, finding => finding.Detail.Contains("alone.csv has no alone_image_analysis.csv", StringComparison.Ordinal));

    [Theory]
    [InlineData(@"d:\Repos\results\")]
    [InlineData("/home/a/results/")]
    [InlineData("results:")]
    [InlineData("")]
    [InlineData("C:/mixed\\ways/")]
    [InlineData("/x/exp-")]
    public void Images_are_joined_whatever_separates_their_names(string separator)
    {
        var recording = Read(Header + Run("ab12"), $"{ImageHeader}{separator}ab12_capture_start.jpg,1.000,1.0,False,,False\n{separator}ab12_capture_stop.jpg,1.010,1.01,False,0.01,False\n");

        Assert.Equal("ab12", Assert.Single(recording.Experiments).Run);
        Assert.Empty(recording.Skipped);
    }

    [Fact]
    public void A_finer_display_is_seen_in_its_digits()
    {
        var recording = Read(Header + Run("r"), ImageHeader + "r_capture_start.jpg,1.0003,1.0003,False,,False\nr_capture_stop.jpg,1.0105,1.0105,False,0.0102,False\n");

        Assert.Equal(360, recording.ResolutionJ, 9);
    }

    [Fact]
    public void A_pair_that_lacks_a_column_is_named_and_the_other_is_read()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "bad.csv"), "run_id,start_time\n");
        File.WriteAllText(Path.Combine(_folder.FullName, "bad_image_analysis.csv"), ImageHeader);
        Read(Header + Run("r"), ImageHeader + "r_capture_start.jpg,1,1,False,,False\nr_capture_stop.jpg,2,2,False,1,False\n");

        var finding = Assert.Single(StudyReader.Read(_folder.FullName).Findings);

        Assert.Contains("bad.csv lacks end_time", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_recordings_is_refused()
    {
        Assert.Contains("there is no recording", Assert.Throws<ConfigurationException>(() => StudyReader.Read(_folder.FullName)).Message, StringComparison.Ordinal);
        Assert.Contains("no such folder", Assert.Throws<ConfigurationException>(() => StudyReader.Read(_folder.FullName + "x")).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
