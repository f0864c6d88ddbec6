using MeterLab.Cli.Rendering.Csv;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Tests.Reports;

/// <summary>The CSV files, as a strict reader sees them.</summary>
public sealed class ResultsCsvTests
{
    [Fact]
    public void There_is_a_row_for_each_run_and_estimator_and_one_for_a_run_without()
    {
        var rows = Rows(ResultsCsv.Runs(SyntheticCampaign.Input().Results));
        Assert.Equal(1 + (11 * 3) + 1, rows.Count);
        Assert.All(rows, row => Assert.Equal(rows[0].Length, row.Length));
        var failed = rows.Single(row => row[2] == "classify-05");
        Assert.Equal("failed", failed[Array.IndexOf(rows[0], "outcome")]);
        Assert.Equal("", failed[Array.IndexOf(rows[0], "estimator")]);
        Assert.Equal("", failed[Array.IndexOf(rows[0], "meter_energy_j")]);
        Assert.Equal("duration", failed[Array.IndexOf(rows[0], "rules_broken")]);
        Assert.Equal("certificate;idle-before", failed[Array.IndexOf(rows[0], "rules_not_judged")]);
    }

    [Fact]
    public void Numbers_keep_every_digit_and_missing_ones_are_empty()
    {
        var results = SyntheticCampaign.Input().Results;
        var rows = Rows(ResultsCsv.Runs(results));
        var (energy, estimate) = (Array.IndexOf(rows[0], "meter_energy_j"), Array.IndexOf(rows[0], "estimator_energy_j"));
        var missing = rows.Single(row => row[2] == "classify-07" && row.Contains("codecarbon"));
        Assert.Equal("", missing[estimate]);
        var exact = double.Parse(missing[energy], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(results.Runs[6].Meter!.EnergyJ, exact);
    }

    [Fact]
    public void The_meter_of_a_row_is_the_one_that_the_estimator_is_compared_with()
    {
        var results = SyntheticCampaign.Input().Results;
        var run = results.Runs[0];
        run = run with { Estimators = [run.Estimators[0] with { ComparedWith = "cpu-dc" }] };
        var rows = Rows(ResultsCsv.Runs(results with { Runs = [run] }));
        Assert.Equal("cpu12v", rows[1][Array.IndexOf(rows[0], "meter")]);
    }

    [Fact]
    public void Commas_quotes_and_line_ends_survive()
    {
        var results = SyntheticCampaign.Input().Results;
        const string Odd = "a,\"b\"\r\nc";
        var rows = Rows(ResultsCsv.Runs(results with { Runs = [results.Runs[0] with { Workload = Odd }] }));
        Assert.Equal(Odd, rows[1][Array.IndexOf(rows[0], "workload")]);
    }

    [Fact]
    public void Summary_and_calibration_have_a_row_each()
    {
        var results = SyntheticCampaign.Input().Results;
        Assert.Equal(1 + results.Summary.Count, Rows(ResultsCsv.Summary(results.Summary)).Count);
        var calibration = Rows(ResultsCsv.Calibration(results.Calibration));
        Assert.Equal("-0.04", calibration[1][Array.IndexOf(calibration[0], "covariance_gain_unseen")]);
        Assert.Equal("", Rows(ResultsCsv.Summary([new SummaryRow { Group = "g", Estimator = "e", N = 0, BiasPct = double.NaN }]))[1][3]);
    }

    /// <summary>A reader of RFC 4180 that shares nothing with the writer.</summary>
    private static List<string[]> Rows(string csv)
    {
        var (rows, row, field, quoted) = (new List<string[]>(), new List<string>(), new System.Text.StringBuilder(), false);
        for (var i = 0; i < csv.Length; i++)
        {
            if (quoted && csv[i] == '"' && i + 1 < csv.Length && csv[i + 1] == '"')
                field.Append(csv[++i]);
            else if (csv[i] == '"')
                quoted = !quoted;
            else if (!quoted && csv[i] == ',')
                Next();
            else if (!quoted && csv[i] == '\r' && csv[i + 1] == '\n')
            {
                Next();
                rows.Add([.. row]);
                row.Clear();
                i++;
            }
            else
                field.Append(csv[i]);
        }

        Assert.Empty(row);
        return rows;

        void Next()
        {
            row.Add(field.ToString());
            field.Clear();
        }
    }
}
