using System.Globalization;

using MeterLab.Estimators.CodeCarbon;
using MeterLab.Estimators.Csv;
using MeterLab.TestKit;

namespace MeterLab.Estimators.Tests.CodeCarbon;

/// <summary>Every row of every genuine file against figures computed by somebody else.</summary>
public sealed class CodeCarbonOracleTests
{
    [Fact]
    public void Every_row_of_the_fixtures_has_the_values_of_the_oracle() => Check(Fixture.Root);

    [Fact]
    public void Every_row_of_the_reference_recordings_has_the_values_of_the_oracle()
    {
        if (RepositoryFiles.Shared is not { } shared || !Directory.Exists(Path.Combine(shared, "samples")))
        {
            Assert.Skip("the reference recordings do not lie beside the repository");
            return;
        }

        Check(Path.Combine(shared, "samples"));
    }

    private static void Check(string root)
    {
        var oracle = CsvTable.Parse(File.ReadAllBytes(Path.Combine(root, "codecarbon-rows.expected.csv")))!;
        string Of(CsvRow row, string column) => row.Fields[oracle.IndexOf(column)];
        var checkedRows = 0;
        foreach (var folder in oracle.Rows.GroupBy(row => Path.GetDirectoryName(Of(row, "file"))!))
        {
            var output = new CodeCarbonEstimator().Read(Fixture.Folder(folder.Key, root));
            Assert.Equal(folder.Count(), output.Rows.Count);
            var runPue = folder.Where(row => Of(row, "pue").Length > 0).ToLookup(row => Of(row, "run_id"), row => Number(Of(row, "pue")));
            foreach (var expected in folder)
            {
                var row = Assert.Single(output.Rows, row => row.Run == Of(expected, "run_id")
                    && row.EndedLocal == Of(expected, "timestamp_local") && row.DurationS == Number(Of(expected, "duration_s"))
                    && (row.Task ?? "") == Of(expected, "task_name"));
                var pue = Of(expected, "pue") is { Length: > 0 } own ? Number(own) : runPue[Of(expected, "run_id")].Last();
                Assert.Equal(pue, row.Pue);
                Assert.Equal(Of(expected, "project_name"), row.Project);
                Assert.Equal(Of(expected, "codecarbon_version"), row.Version);
                Near(Number(Of(expected, "total_J")) / pue, row.EnergyJ!.Value);
                Near(Number(Of(expected, "cpu_J")) / pue, row.ComponentsJ["cpu"]);
                Near(Number(Of(expected, "gpu_J")) / pue, row.ComponentsJ["gpu"]);
                Near(Number(Of(expected, "ram_J")) / pue, row.ComponentsJ["ram"]);
                CheckShortness(Number(Of(expected, "header_fields")) - Number(Of(expected, "row_fields")), Of(expected, "columns_missing_in_row"), row);
                Assert.Equal(output.Rows.Count(other => other.Task is null && other.Run == row.Run) > 1 && row.Task is null, row.Cumulative);
                checkedRows++;
            }
        }

        Assert.Equal(72, checkedRows);
    }

    private static void CheckShortness(double missing, string columns, EstimatorRow row)
    {
        var finding = row.Findings.SingleOrDefault(finding => finding.Rule == "short-row");
        if (missing == 0)
        {
            Assert.Null(finding);
            return;
        }

        Assert.Contains($"codecarbon 3.3.0 row short by {missing} fields, repaired", finding!.Detail, StringComparison.Ordinal);
        Assert.Contains(columns.Replace("+", ", ", StringComparison.Ordinal), finding.Detail, StringComparison.Ordinal);
    }

    private static void Near(double expected, double actual) => Assert.Equal(expected, actual, Math.Max(2e-6 * Math.Abs(expected), 1e-6));

    private static double Number(string field) => double.Parse(field, CultureInfo.InvariantCulture);
}
