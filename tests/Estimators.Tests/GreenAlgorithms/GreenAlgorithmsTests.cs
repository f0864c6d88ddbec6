using MeterLab.Estimators.GreenAlgorithms;
using MeterLab.Measurement;

namespace MeterLab.Estimators.Tests.GreenAlgorithms;

public sealed class GreenAlgorithmsTests
{
    private static readonly Hardware Parts = new()
    {
        Cpu = new HardwarePart("x", 100),
        Gpus = [new HardwarePart("y", 250), new HardwarePart("z", 250)],
        MemoryBytes = 64L << 30,
    };

    private static RunEstimate Estimate(Device device, Hardware hardware) => new GreenAlgorithmsEstimator().Estimate(new RunFacts
    {
        Run = "r", DurationS = 1000, StartTargetNs = 0, EndTargetNs = 1_000_000_000_000, Device = device, Hardware = hardware,
    });

    [Theory]
    [InlineData(Device.Cpu, 100)]
    [InlineData(Device.Gpu, 500)]
    [InlineData(Device.All, 600)]
    public void Rated_power_and_watts_a_gigabyte_times_the_time(Device device, double watts) =>
        Assert.Equal(1000 * (watts + (64 * 0.3725)), Estimate(device, Parts).EnergyJ!.Value, 6);

    [Fact]
    public void Without_memory_or_a_part_there_is_no_figure()
    {
        Assert.Null(Estimate(Device.Cpu, Parts with { MemoryBytes = null }).EnergyJ);
        Assert.Null(Estimate(Device.Gpu, Parts with { Gpus = [] }).EnergyJ);
        Assert.Null(Estimate(Device.All, Parts with { Cpu = null }).EnergyJ);
    }

    [Fact]
    public void A_job_of_the_clusters_table_is_a_row_without_its_pue()
    {
        var row = Assert.Single(new GreenAlgorithmsEstimator().Read(Handmade.Files("green-algorithms")).Rows);

        Assert.Equal(0.031 * 3.6e6, row.EnergyJ!.Value, 6);
        Assert.Equal((1.56, 783.0), (row.Pue, row.DurationS));
        Handmade.IsUnverified(row.Findings);
    }

    [Fact]
    public void A_table_from_before_the_energies_has_none()
    {
        var row = Assert.Single(new GreenAlgorithmsEstimator().Read([Fixture.Csv("single_jobID\tWallclockTimeX\tSubmitDatetimeX\n1\t0 days 00:00:10\t2026-01-01 10:00:00\n", "jobs.tsv")]).Rows);

        Assert.Null(row.EnergyJ);
        Assert.Contains(row.Findings, finding => finding.Severity == Severity.Invalid);
    }
}
