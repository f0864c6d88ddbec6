using MeterLab.Estimators.Sensors.Rapl;
using MeterLab.Measurement;

namespace MeterLab.Estimators.Tests.Sensors;

/// <summary>Counters with what goes wrong on genuine machines.</summary>
public sealed class RaplCounterTests
{
    private static readonly RaplEstimator Rapl = RaplEstimator.PackageAndMemory;

    [Fact]
    public void The_runs_window_is_cut_out_with_a_straight_line_at_its_edges()
    {
        // 100 W, then 50 W from 5 s on; the run is 2.25 s to 7.75 s.
        var recording = Zone();
        for (var i = 0; i <= 10; i++)
            recording.At(i, $"0={(i <= 5 ? 100 * i : 500 + (50 * (i - 5))) * 1_000_000L}");

        var estimate = Handmade.Estimate(Rapl, 2.25, 7.75, [recording.File()]);

        Assert.Equal((2.75 * 100) + (2.75 * 50), estimate.EnergyJ!.Value, 1e-4);
        Handmade.IsUnverified(estimate.Findings);
    }

    [Theory]
    [InlineData("-")]
    [InlineData("0")]
    public void A_reading_that_failed_is_never_taken_for_a_wrap(string failed)
    {
        var recording = Zone().At(0, "0=90000000000").At(1, "0=90050000000").At(2, $"0={failed}").At(3, "0=90150000000").At(4, "0=90200000000");

        var estimate = Handmade.Estimate(Rapl, 0, 4, [recording.File()]);

        Assert.Equal(200, estimate.EnergyJ!.Value, 1e-4);
        Assert.Contains(estimate.Findings, finding => finding is { Rule: "failed-read", Severity: Severity.Warning });
    }

    [Fact]
    public void A_counter_that_begins_anew_leaves_a_gap_and_no_energy_that_nobody_used()
    {
        // Sleep: from 90 kJ to 3 J, which as a wrap would be 172 kJ in a second.
        var recording = Zone();
        for (var i = 0; i <= 4; i++)
            recording.At(i, $"0={90_000_000_000L + (50_000_000L * i)}");
        for (var i = 5; i <= 10; i++)
            recording.At(i, $"0={3_000_000L + (50_000_000L * (i - 5))}");

        var estimate = Handmade.Estimate(Rapl, 0, 10, [recording.File()]);

        Assert.Equal(450, estimate.EnergyJ!.Value, 1e-4);
        Assert.Contains(estimate.Findings, finding => finding.Rule == "counter-reset");
        Assert.Contains(estimate.Findings, finding => finding is { Rule: "coverage", Severity: Severity.Warning });
    }

    [Fact]
    public void A_wrap_without_a_known_range_is_not_guessed()
    {
        var recording = new Recording("rapl", 1, "zone 0 intel-rapl:0 - - package-0").At(0, "0=900000000").At(1, "0=950000000").At(2, "0=20000000").At(3, "0=70000000").At(4, "0=120000000");

        var estimate = Handmade.Estimate(Rapl, 0, 4, [recording.File()]);

        Assert.Equal(150, estimate.EnergyJ!.Value, 1e-4);
        Assert.Contains(estimate.Findings, finding => finding.Rule == "counter-reset");
    }

    [Fact]
    public void A_second_package_without_values_makes_the_sum_useless()
    {
        var recording = new Recording("rapl", 1, "zone 0 intel-rapl:0 - 262143328850 package-0", "zone 1 intel-rapl:1 - 262143328850 package-1")
            .At(0, "0=0 1=-").At(1, "0=50000000 1=-").At(2, "0=100000000 1=-");

        Handmade.IsRefused(Handmade.Estimate(Rapl, 0, 2, [recording.File()]), "package-1");
    }

    [Fact]
    public void A_file_that_was_cut_off_says_so_and_another_run_is_refused()
    {
        var recording = Zone();
        for (var i = 0; i <= 10; i++)
            recording.At(i, $"0={50_000_000L * i}");

        // Half of the last reading is gone.
        Assert.Contains(Rapl.Read([recording.Cut(5)]).Rows[0].Findings, finding => finding.Rule == "damaged-row" || finding.Rule == "failed-read" || finding.Rule == "lost-zone");
        Assert.Equal(450, Rapl.Read([recording.Cut(5)]).Rows[0].EnergyJ!.Value, 1e-4);
        Handmade.IsRefused(Handmade.Estimate(Rapl, 3600, 3610, [recording.File()]), "old row");
        Handmade.IsRefused(Handmade.Estimate(Rapl, 0, 10, []), "rapl.samples");
    }

    private static Recording Zone() => new("rapl", 1, "zone 0 intel-rapl:0 - 262143328850 package-0");
}
