using System.Globalization;
using System.Text;

using MeterLab.Cli.Tests.Support;

namespace MeterLab.Cli.Tests;

/// <summary><c>study report</c> as files: the page, the document, and the rows that both are made of.</summary>
public sealed class StudyReportCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_study_becomes_a_page_a_document_and_three_tables()
    {
        WriteRecording(_folder["recorded"]);
        var database = _folder["lab.db"];
        Assert.Equal(0, (await CommandRun.OfAsync("study", "import", _folder["recorded"], "--db", database)).ExitCode);

        var run = await CommandRun.OfAsync("study", "report", "--db", database, "--format", "html,json,csv", "--out", _folder["out"]);

        Assert.Equal(0, run.ExitCode);
        var html = await File.ReadAllTextAsync(Path.Combine(_folder["out"], "report.html"), TestContext.Current.CancellationToken);
        Assert.Contains("Error by model size in vision-gpu", html, StringComparison.Ordinal);
        Assert.Contains("Calibrated against the meter, codecarbon would be off by", html, StringComparison.Ordinal);
        var rows = await File.ReadAllLinesAsync(Path.Combine(_folder["out"], "runs.csv"), TestContext.Current.CancellationToken);
        Assert.Equal(1 + (2 * 24), rows.Length);
        var first = rows[1].Split(',');
        var header = rows[0].Split(',');
        double Of(string name) => double.Parse(first[Array.IndexOf(header, name)], CultureInfo.InvariantCulture);
        Assert.Equal((Of("estimator_energy_j") - Of("meter_energy_j")) / Of("meter_energy_j") * 100, Of("error_pct"), 9);
        Assert.Equal(2e6, Of("model_parameters"));
        foreach (var name in (string[])["study.json", "summary.csv", "calibration.csv"])
            Assert.True(new FileInfo(Path.Combine(_folder["out"], name)).Length > 100, name);
    }

    [Fact]
    public async Task An_unknown_format_is_answered_with_the_known_ones()
    {
        var run = await CommandRun.OfAsync("study", "report", "--db", _folder["none.db"], "--format", "htm");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("html", run.Error, StringComparison.Ordinal);
    }

    // 24 experiments of 8 models: the meter reads 1.2 times the estimator and 30 W for each second, to the watt-hour.
    private static void WriteRecording(string folder)
    {
        Directory.CreateDirectory(folder);
        var runs = new StringBuilder("run_id,start_time,end_time,metrics.running_time_total,metrics.power_draw_total,params.architecture,params.model,params.parameters,params.batchsize\n");
        var images = new StringBuilder(",ocr,value,manual,val_diff,still_errors\n");
        var reading = 1.0;
        for (var i = 0; i < 24; i++)
        {
            var (id, start, seconds) = ($"{i:x32}", new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(i * 1000), 900.0);
            var estimate = (120 + (i % 8 * 25)) * seconds;
            runs.Append(CultureInfo.InvariantCulture,
                $"{id},{start:yyyy-MM-dd HH:mm:ss}+00:00,{start.AddSeconds(seconds + 4):yyyy-MM-dd HH:mm:ss}+00:00,{seconds},{estimate},NVIDIA GeForce RTX 4090,net{i % 8},{2_000_000 * (1 + (i % 8))},16\n");
            images.Append(CultureInfo.InvariantCulture, $"r/{id}_capture_start.jpg,{reading:0.000},{reading:0.000},False,,False\n");
            reading = Math.Round(reading + (((1.2 * estimate) + (30 * seconds)) / 3.6e6), 3);
            images.Append(CultureInfo.InvariantCulture, $"r/{id}_capture_stop.jpg,{reading:0.000},{reading:0.000},False,,False\n");
        }

        File.WriteAllText(Path.Combine(folder, "imagenet_900.csv"), runs.ToString());
        File.WriteAllText(Path.Combine(folder, "imagenet_900_image_analysis.csv"), images.ToString());
    }
}
