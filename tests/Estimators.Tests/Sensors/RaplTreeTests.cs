using MeterLab.Estimators.Sensors.Rapl;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Tests.Sensors;

/// <summary>The powercap reader on trees made by hand, through the sampler that runs on targets.</summary>
public sealed class RaplTreeTests : IDisposable
{
    private const long Joule = 1_000_000;

    private readonly SysfsTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public async Task Packages_and_their_memory_are_added_and_what_lies_within_is_not()
    {
        _tree.Zone("intel-rapl:0", "package-0", 7 * Joule);
        _tree.Zone("intel-rapl:0:0", "core", 3 * Joule);
        _tree.Zone("intel-rapl:0:1", "dram", 2 * Joule, 65_712_999_613);
        _tree.Zone("intel-rapl:1", "package-1", 900 * Joule);
        _tree.Zone("intel-rapl:1:1", "dram", 40 * Joule, 65_712_999_613);
        _tree.Zone("intel-rapl:2", "psys", 100 * Joule);

        var file = await _tree.SampleAsync(RaplEstimator.PackageAndMemory, async () =>
        {
            await SysfsTree.WaitAsync();
            foreach (var (zone, now) in ((string, long)[])[("intel-rapl:0", 507), ("intel-rapl:0:0", 403), ("intel-rapl:0:1", 32), ("intel-rapl:1", 1200), ("intel-rapl:1:1", 60), ("intel-rapl:2", 1000)])
                _tree.Set(zone, now * Joule);
            await SysfsTree.WaitAsync();
        });

        var row = Assert.Single(RaplEstimator.PackageAndMemory.Read([file]).Rows);
        Assert.Equal((800.0, 50.0), (Math.Round(row.ComponentsJ["cpu"], 6), Math.Round(row.ComponentsJ["ram"], 6)));
        Assert.Contains(row.Findings, finding => finding.Rule == "zones" && finding.Detail.Contains("core of package-0", StringComparison.Ordinal));
        // The platform holds both inside and is told apart.
        Assert.Equal(900, Assert.Single(RaplEstimator.Platform.Read([file]).Rows).EnergyJ!.Value, 6);
        Assert.Equal([Scope.Psys], RaplEstimator.Platform.Facts.Scopes);
    }

    [Fact]
    public async Task A_counter_that_starts_again_is_put_right()
    {
        _tree.Zone("intel-rapl:0", "package-0", SysfsTree.IntelRange - (200 * Joule));

        var row = await RowAsync(() => _tree.Set("intel-rapl:0", 300 * Joule));

        Assert.Equal(500, row.EnergyJ!.Value, 6);
        Assert.Contains(row.Findings, finding => finding.Rule == "counter-wrap");
    }

    [Fact]
    public async Task Dies_of_their_own_are_added()
    {
        _tree.Zone("intel-rapl:0", "package-0-die-0", 1000 * Joule);
        _tree.Zone("intel-rapl:1", "package-0-die-1", 1000 * Joule);

        var row = await RowAsync(() =>
        {
            _tree.Set("intel-rapl:0", 1500 * Joule);
            _tree.Set("intel-rapl:1", 1300 * Joule);
        });

        Assert.Equal(800, row.EnergyJ!.Value, 6);
        Assert.DoesNotContain(row.Findings, finding => finding.Rule == "mirrored-die");
    }

    [Fact]
    public async Task Dies_that_show_one_counter_count_once()
    {
        _tree.Zone("intel-rapl:0", "package-0-die-0", 1000 * Joule);
        _tree.Zone("intel-rapl:1", "package-0-die-1", 1000 * Joule);
        File.Delete(_tree.PathOf("intel-rapl:1/energy_uj"));
        File.CreateSymbolicLink(_tree.PathOf("intel-rapl:1/energy_uj"), _tree.PathOf("intel-rapl:0/energy_uj"));

        var file = await _tree.SampleAsync(RaplEstimator.PackageAndMemory, async () =>
        {
            await SysfsTree.WaitAsync();
            // A kilowatt at most, as of a socket: however long the sampler takes from one die to the other, they lie no further apart than that.
            for (var joules = 1; joules <= 50; joules++)
            {
                _tree.Set("intel-rapl:0", (1000 + joules) * Joule);
                await SysfsTree.WaitAsync(0.001);
            }

            await SysfsTree.WaitAsync();
        });

        var row = Assert.Single(RaplEstimator.PackageAndMemory.Read([file]).Rows);
        Assert.Equal(50, row.EnergyJ!.Value, 6);
        Assert.Contains(row.Findings, finding => finding.Rule == "mirrored-die");
    }

    // A sampler that lost the processor between two dies: a socket that drew 200 W meanwhile is no second socket.
    [Theory]
    [InlineData(30, 6, true)]
    [InlineData(0.1, 6, false)]
    public void How_long_a_reading_took_decides_how_far_two_dies_may_lie_apart(double milliseconds, double apartJ, bool mirrored)
    {
        var took = (long)(milliseconds * 1e6);
        var file = new EstimatorFile("rapl.samples", System.Text.Encoding.UTF8.GetBytes(FormattableString.Invariant($"""
            meterlab-sensor 1 rapl 1000000000
            zone 0 intel-rapl:0 - {SysfsTree.IntelRange} package-0-die-0
            zone 1 intel-rapl:1 - {SysfsTree.IntelRange} package-0-die-1
            @ 1000000000000000000 1000000000000100000 0
            > 0=1000000000 1=1000000000
            @ 1000000001000000000 {1_000_000_001_000_000_000 + took} 0
            > 0=1200000000 1={1_200_000_000 + (long)(apartJ * 1e6)}
            @ 1000000002000000000 1000000002000100000 0
            > 0=1400000000 1=1400000000

            """)));

        var row = Assert.Single(RaplEstimator.PackageAndMemory.Read([file]).Rows);

        Assert.Equal(mirrored ? 400 : 800, row.EnergyJ!.Value, 6);
    }

    [Fact]
    public async Task A_package_that_two_drivers_show_counts_once()
    {
        _tree.Zone("intel-rapl:0", "package-0", 1 * Joule);
        _tree.Zone("intel-rapl-mmio:0", "package-0", 5 * Joule);

        var row = await RowAsync(() =>
        {
            _tree.Set("intel-rapl:0", 501 * Joule);
            _tree.Set("intel-rapl-mmio:0", 505 * Joule);
        });

        Assert.Equal(500, row.EnergyJ!.Value, 6);
        Assert.Contains(row.Findings, finding => finding.Rule == "twin-zone");
    }

    [Fact]
    public async Task Zones_that_are_only_nested_are_found_once()
    {
        _tree.Zone("intel-rapl:0", "package-0", 0);
        _tree.Zone("intel-rapl:0/intel-rapl:0:2", "dram", 0);

        var row = await RowAsync(() =>
        {
            _tree.Set("intel-rapl:0", 70 * Joule);
            _tree.Set("intel-rapl:0/intel-rapl:0:2", 9 * Joule);
        });

        Assert.Equal((70.0, 9.0), (Math.Round(row.ComponentsJ["cpu"], 6), Math.Round(row.ComponentsJ["ram"], 6)));
    }

    [Theory]
    [InlineData("intel-rapl:0", true)]
    [InlineData("intel-rapl:0:0", false)]
    public async Task A_file_that_may_not_be_read_is_a_matter_of_permission_and_never_zero(string denied, bool fatal)
    {
        Assert.SkipUnless(Environment.UserName == "root" && File.Exists("/usr/bin/setpriv"), "only root can run the sampler as an account without rights");
        _tree.Zone("intel-rapl:0", "package-0", 10 * Joule);
        _tree.Zone("intel-rapl:0:0", "dram", 20 * Joule);
        await _tree.OpenAsync();
        if (OperatingSystem.IsLinux())
            File.SetUnixFileMode(_tree.PathOf(denied + "/energy_uj"), UnixFileMode.UserRead);

        var file = await _tree.SampleAsync(
            RaplEstimator.PackageAndMemory,
            async () =>
            {
                await SysfsTree.WaitAsync();
                if (!fatal)
                    _tree.Set("intel-rapl:0", 60 * Joule);
                await SysfsTree.WaitAsync();
            },
            ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]);

        var row = Assert.Single(RaplEstimator.PackageAndMemory.Read([file]).Rows);
        Assert.Contains(row.Findings, finding => finding.Rule == "permission" && finding.Detail.Contains("chmod a+r", StringComparison.Ordinal));
        double? expected = fatal ? null : 50;
        Assert.Equal(expected, row.EnergyJ is { } joules ? Math.Round(joules, 6) : null);
    }

    [Fact]
    public async Task A_zone_that_appears_late_counts_from_then_on_and_is_told()
    {
        _tree.Zone("intel-rapl:0", "package-0", 0);

        var file = await _tree.SampleAsync(RaplEstimator.PackageAndMemory, async () =>
        {
            await SysfsTree.WaitAsync();
            _tree.Zone("intel-rapl:0:0", "dram", 1000 * Joule);
            await SysfsTree.WaitAsync(2.5);
            _tree.Set("intel-rapl:0", 100 * Joule);
            _tree.Set("intel-rapl:0:0", 1025 * Joule);
            await SysfsTree.WaitAsync();
        });

        var row = Assert.Single(RaplEstimator.PackageAndMemory.Read([file]).Rows);
        Assert.Equal((100.0, 25.0), (Math.Round(row.ComponentsJ["cpu"], 6), Math.Round(row.ComponentsJ["ram"], 6)));
        Assert.Contains(row.Findings, finding => finding.Rule == "late-zone" && finding.Detail.Contains("dram of package-0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_machine_without_such_a_sensor_has_no_energy()
    {
        var file = await _tree.SampleAsync(RaplEstimator.PackageAndMemory, () => SysfsTree.WaitAsync());

        var row = Assert.Single(RaplEstimator.PackageAndMemory.Read([file]).Rows);
        Assert.Null(row.EnergyJ);
        Assert.Contains(row.Findings, finding => finding.Rule == "no-domain");
    }

    private async Task<EstimatorRow> RowAsync(Action change)
    {
        var file = await _tree.SampleAsync(RaplEstimator.PackageAndMemory, async () =>
        {
            await SysfsTree.WaitAsync();
            change();
            await SysfsTree.WaitAsync();
        });
        return Assert.Single(RaplEstimator.PackageAndMemory.Read([file]).Rows);
    }
}
