using MeterLab.Estimators.CpuLoad;
using MeterLab.Estimators.MlCo2Impact;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Tests;

public sealed class StaticEstimatorTests
{
    private static readonly Hardware Study = new()
    {
        Cpu = new HardwarePart("Intel Core i9-13900K", 125),
        LogicalCpus = 32,
        Gpus = [new HardwarePart("NVIDIA GeForce RTX 4090", 300)],
    };

    private static RunFacts Run(Device device, Hardware hardware, double seconds = 120, double? machine = null, double? own = null) => new()
    {
        Run = "r",
        DurationS = seconds,
        StartTargetNs = 0,
        EndTargetNs = (long)(seconds * 1e9),
        Device = device,
        Hardware = hardware,
        CpuSeconds = own,
        MachineCpuSeconds = machine,
    };

    private static RunEstimate MlCo2(RunFacts run) => new MlCo2ImpactEstimator().Estimate(run);

    [Theory]
    [InlineData(Device.Cpu, 15_000, Scope.CpuPackage)]
    [InlineData(Device.Gpu, 36_000, Scope.Gpu)]
    public void Power_times_time_of_the_device_that_the_workload_uses(Device device, double energy, Scope scope)
    {
        var estimate = MlCo2(Run(device, Study));

        Assert.Equal(energy, estimate.EnergyJ!.Value, 9);
        Assert.Equal([scope], estimate.Scopes);
        Assert.Single(estimate.ComponentsJ);
    }

    [Fact]
    public void Both_devices_add_up_and_every_card_counts()
    {
        var estimate = MlCo2(Run(Device.All, Study with { Gpus = [Study.Gpus[0], Study.Gpus[0]] }));

        Assert.Equal((125 + 2 * 300) * 120, estimate.EnergyJ!.Value, 9);
        Assert.Equal(72_000, estimate.ComponentsJ["gpu"], 9);
    }

    [Fact]
    public void The_two_listed_powers_of_the_4090_are_told()
    {
        var given = MlCo2(Run(Device.Gpu, Study));
        var listed = MlCo2(Run(Device.Gpu, Study with { Gpus = [new HardwarePart("NVIDIA GeForce RTX 4090", null)] }));

        Assert.Contains(given.Findings, finding => finding.Detail.Contains("300 W of the rig file is used", StringComparison.Ordinal)
            && finding.Detail.Contains("450 W since", StringComparison.Ordinal));
        Assert.Equal(54_000, listed.EnergyJ!.Value, 9);
        Assert.Contains(listed.Findings, finding => finding is { Rule: "listed-power", Severity: Severity.Warning });
    }

    [Fact]
    public void A_part_whose_power_nobody_knows_makes_the_whole_figure_unknown()
    {
        var estimate = MlCo2(Run(Device.All, Study with { Gpus = [Study.Gpus[0], new HardwarePart("Home-made 9000", null)] }));

        Assert.Null(estimate.EnergyJ);
        Assert.Empty(estimate.ComponentsJ);
        Assert.Contains(estimate.Findings, finding => finding.Severity == Severity.Invalid && finding.Detail.Contains("Home-made 9000", StringComparison.Ordinal));
    }

    [Fact]
    public void A_device_that_the_rig_does_not_name_has_no_figure()
    {
        Assert.Null(MlCo2(Run(Device.Gpu, new Hardware { Cpu = Study.Cpu })).EnergyJ);
        Assert.Null(MlCo2(Run(Device.Cpu, new Hardware { Gpus = Study.Gpus })).EnergyJ);
    }

    [Theory]
    [InlineData(300, 120, "0.01")]
    [InlineData(250, 60, "0.00")]
    [InlineData(1005, 3600, "1.00")]
    [InlineData(125, 3600, "0.13")]
    [InlineData(450, 900, "0.11")]
    public void The_page_rounds_the_binary_value_to_two_decimals(double watts, double seconds, string kwh) =>
        Assert.Equal(kwh, MlCo2ImpactEstimator.PageKwh(watts, seconds / 3600));

    [Theory]
    [InlineData("NVIDIA GeForce RTX 4090", HardwareKind.Gpu, 450)]
    [InlineData("rtx 3090", HardwareKind.Gpu, 350)]
    [InlineData("Tesla V100-SXM2-16GB", HardwareKind.Gpu, 250)]
    [InlineData("NVIDIA A100-SXM4-80GB", HardwareKind.Gpu, 400)]
    [InlineData("Intel(R) Xeon(R) Gold 6148 CPU @ 2.40GHz", HardwareKind.Cpu, 150)]
    [InlineData("AMD EPYC 7763 64-Core Processor", HardwareKind.Cpu, 280)]
    public void Names_match_as_makers_and_tools_write_them(string model, HardwareKind kind, double watts) =>
        Assert.Equal(watts, HardwareTable.Find(model, kind)!.PowerW);

    [Theory]
    [InlineData("NVIDIA GeForce RTX 4090 Laptop GPU", HardwareKind.Gpu)]
    [InlineData("RTX 409", HardwareKind.Gpu)]
    [InlineData("RTX 4090", HardwareKind.Cpu)]
    [InlineData("NVIDIA", HardwareKind.Gpu)]
    [InlineData("", HardwareKind.Gpu)]
    public void A_name_that_is_nearly_one_is_none(string model, HardwareKind kind) => Assert.Null(HardwareTable.Find(model, kind));

    [Fact]
    public void The_list_is_whole_and_every_entry_finds_itself()
    {
        Assert.Equal(48, HardwareTable.Entries.Count);
        Assert.Equal(38, HardwareTable.Entries.Count(entry => entry.Kind == HardwareKind.Gpu));
        Assert.All(HardwareTable.Entries, entry => Assert.Equal(entry, HardwareTable.Find(entry.Name, entry.Kind)));
        Assert.All(HardwareTable.Entries, entry => Assert.InRange(entry.PowerW, 10, 1000));
    }

    [Theory]
    [InlineData(120 * 32, 15_000)]
    [InlineData(120 * 16, 7_500)]
    [InlineData(0, 0)]
    [InlineData(120 * 32 * 1.02, 15_000)]
    public void Linear_load_is_rated_power_times_the_busy_share(double cpuSeconds, double energy) =>
        Assert.Equal(energy, CpuLoadEstimator.Linear.Estimate(Run(Device.Gpu, Study, machine: cpuSeconds)).EnergyJ!.Value, 6);

    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(0.5, 0.2125)]
    [InlineData(1, 1)]
    public void CodeCarbons_curve_has_a_floor_and_a_cube(double load, double share) =>
        Assert.Equal(15_000 * share, CpuLoadEstimator.CodeCarbonCurve.Estimate(Run(Device.Cpu, Study, machine: load * 120 * 32)).EnergyJ!.Value, 6);

    [Fact]
    public void The_curve_is_taken_of_every_recorded_interval_and_not_of_the_mean()
    {
        // Half the time idle, half at full load: a mean of 0.5, on which the curve would give 0.2125.
        var run = Run(Device.Cpu, Study, machine: 60 * 32) with
        {
            Utilisation = [new LoadInterval(-5_000_000_000, 60_000_000_000, 0), new LoadInterval(60_000_000_000, 130_000_000_000, 1)],
        };

        Assert.Equal(15_000 * 0.55, CpuLoadEstimator.CodeCarbonCurve.Estimate(run).EnergyJ!.Value, 6);
        Assert.DoesNotContain(CpuLoadEstimator.CodeCarbonCurve.Estimate(run).Findings, finding => finding.Rule == "mean-load");
        Assert.Equal(15_000 * 0.5, CpuLoadEstimator.Linear.Estimate(run).EnergyJ!.Value, 6);
    }

    [Fact]
    public void Utilisation_with_a_gap_gives_way_to_the_runs_sums()
    {
        var run = Run(Device.Cpu, Study, machine: 60 * 32) with { Utilisation = [new LoadInterval(0, 60_000_000_000, 1)] };

        var estimate = CpuLoadEstimator.Linear.Estimate(run);

        Assert.Equal(7_500, estimate.EnergyJ!.Value, 6);
        Assert.Contains(estimate.Findings, finding => finding.Rule == "utilisation-gaps");
    }

    [Fact]
    public void Constant_power_needs_no_load() => Assert.Equal(15_000, CpuLoadEstimator.Constant.Estimate(Run(Device.Gpu, Study)).EnergyJ!.Value, 9);

    [Fact]
    public void The_workloads_own_time_is_second_best_and_said()
    {
        var estimate = CpuLoadEstimator.Linear.Estimate(Run(Device.Cpu, Study, own: 120 * 8));

        Assert.Equal(3_750, estimate.EnergyJ!.Value, 6);
        Assert.Contains(estimate.Findings, finding => finding.Rule == "load-of-workload");
        Assert.Equal(7_500, CpuLoadEstimator.Linear.Estimate(Run(Device.Cpu, Study, machine: 120 * 16, own: 120 * 8)).EnergyJ!.Value, 6);
    }

    [Fact]
    public void Without_cpu_time_processors_or_power_there_is_no_figure()
    {
        RunEstimate[] estimates =
        [
            CpuLoadEstimator.Linear.Estimate(Run(Device.Cpu, Study)),
            CpuLoadEstimator.Linear.Estimate(Run(Device.Cpu, Study with { LogicalCpus = null }, machine: 1)),
            CpuLoadEstimator.Linear.Estimate(Run(Device.Cpu, Study with { Cpu = null }, machine: 1)),
            CpuLoadEstimator.Linear.Estimate(Run(Device.Cpu, Study, machine: 120 * 33.7)),
            CpuLoadEstimator.Linear.Estimate(Run(Device.Cpu, Study, seconds: 0, machine: 1)),
        ];

        Assert.All(estimates, estimate =>
        {
            Assert.Null(estimate.EnergyJ);
            Assert.Contains(estimate.Findings, finding => finding.Severity == Severity.Invalid);
        });
    }

    [Fact]
    public void The_catalogue_finds_by_name_and_helps_with_a_mistyped_one()
    {
        Assert.All(EstimatorCatalog.All, estimator => Assert.Same(estimator, EstimatorCatalog.Find(estimator.Facts.Name)));
        var e = Assert.Throws<ConfigurationException>(() => EstimatorCatalog.Find("codecarbn"));
        Assert.Contains("did you mean 'codecarbon'?", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_writes_no_file_says_so_when_a_file_is_to_be_read() =>
        Assert.All(EstimatorCatalog.All.Where(estimator => !estimator.Facts.RunsOnTarget), estimator =>
        {
            Assert.Null(estimator.Launch(new EstimatorSettings(), "r"));
            Assert.Contains("writes no file", Assert.Throws<ConfigurationException>(() => estimator.Read([])).Message, StringComparison.Ordinal);
        });
}
