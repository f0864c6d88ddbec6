using System.Globalization;

using MeterLab.Estimators.Carbontracker;
using MeterLab.Estimators.Csv;
using MeterLab.TestKit;

namespace MeterLab.Estimators.Tests.Carbontracker;

/// <summary>Every block of every genuine log against figures computed by somebody else.</summary>
public sealed class CarbontrackerOracleTests
{
    [Fact]
    public void Every_block_of_the_fixtures_has_the_values_of_the_oracle() => Check(Fixture.Root);

    [Fact]
    public void Every_block_of_the_reference_recordings_has_the_values_of_the_oracle()
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
        var oracle = CsvTable.Parse(File.ReadAllBytes(Path.Combine(root, "carbontracker-logs.expected.csv")))!;
        string Of(CsvRow row, string column) => row.Fields[oracle.IndexOf(column)];
        foreach (var folder in oracle.Rows.GroupBy(row => Path.GetDirectoryName(Of(row, "file"))!))
        {
            var output = new CarbontrackerEstimator().Read(Fixture.Folder(folder.Key, root));
            Assert.Equal("2.4.3", output.Version);
            Assert.Equal(folder.Count(), output.Rows.Count);
            foreach (var expected in folder)
            {
                var predicted = Of(expected, "block") == "predicted";
                var row = Assert.Single(output.Rows, row => row.Predicted == predicted);
                Assert.Equal(1.58, row.Pue);
                Assert.Contains(row.Run!, Of(expected, "file"), StringComparison.Ordinal);
                if (predicted)
                {
                    Near(Number(Of(expected, "energy_kWh_with_pue")) * 3.6e6 / 1.58, row.EnergyJ!.Value);
                    continue;
                }

                Near(Number(Of(expected, "energy_J_without_pue_from_standard_log")), row.EnergyJ!.Value);
                Near(Number(Of(expected, "sum_durations_s")), row.DurationS!.Value);
                Assert.Equal(Of(expected, "components"), string.Join(';', row.ComponentsJ.Keys.Order(StringComparer.Ordinal)));
                Near(row.EnergyJ.Value, row.ComponentsJ.Values.Sum());
            }
        }

        Assert.Equal(9, oracle.Rows.Count);
    }

    private static void Near(double expected, double actual) => Assert.Equal(expected, actual, 1e-6 * expected);

    private static double Number(string field) => double.Parse(field, CultureInfo.InvariantCulture);
}
