using MeterLab.Estimators.CodeCarbon;

namespace MeterLab.Estimators.Tests.CodeCarbon;

public sealed class CodeCarbonJsonLinesTests
{
    private static readonly EstimatorFile Lines = Fixture.Csv(Fixture.Text("codecarbon-3.3.0/logger-json-1s/emissions.jsonl"), "emissions.jsonl");

    private static EstimatorOutput Read(params EstimatorFile[] files) => new CodeCarbonEstimator().Read(files);

    [Fact]
    public void Logger_output_alone_is_a_run_of_growing_totals()
    {
        var rows = Read(Lines).Rows;

        Assert.Equal(11, rows.Count(row => row.Cumulative));
        Assert.Equal(0.00015187241989587472 * 3.6e6, rows[^1].EnergyJ!.Value, 6);
        Assert.True(rows.Zip(rows.Skip(1)).All(pair => pair.Second.EnergyJ > pair.First.EnergyJ));
    }

    [Fact]
    public void Logger_output_beside_the_csv_of_its_run_adds_no_row()
    {
        var output = Read([.. Fixture.Folder("codecarbon-3.3.0/logger-json-1s")]);

        Assert.Single(output.Rows);
        Assert.Contains(output.Findings, finding => finding.Rule == "time-series");
    }

    [Fact]
    public void Logger_output_that_was_cut_off_has_a_last_line_without_energy()
    {
        var text = System.Text.Encoding.UTF8.GetString(Lines.Content.Span);

        var last = Read(Fixture.Csv(text[..^100], "emissions.jsonl")).Rows[^1];

        Assert.Null(last.EnergyJ);
        Assert.Contains(last.Findings, finding => finding.Detail.Contains("cut off", StringComparison.Ordinal));
    }
}
