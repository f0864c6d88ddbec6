using MeterLab.Estimators.Sensors.Amd;
using MeterLab.Estimators.Sensors.Battery;
using MeterLab.Estimators.Sensors.Bmc;
using MeterLab.Estimators.Sensors.Nvidia;
using MeterLab.Measurement;

namespace MeterLab.Estimators.Tests.Sensors;

/// <summary>Board controllers, graphics cards and batteries, from outputs as the tools' documentation shows them.</summary>
public sealed class BoardSensorTests
{
    private const string Fields = "fields timestamp,index,uuid,name,power.draw";

    [Fact]
    public void The_board_controller_is_added_up_in_whole_watts()
    {
        var recording = new Recording("run", 1);
        for (var i = 0; i <= 10; i++)
            recording.At(i, Dcmi(i < 5 ? 200 : 220));

        var estimate = Handmade.Estimate(new IpmiDcmiEstimator(), 0, 10, [recording.File()]);

        // Straight lines between readings: the step from 200 to 220 W lies half way between 4 and 5 s.
        Assert.Equal((4 * 200) + 210 + (5 * 220), estimate.EnergyJ!.Value, 1e-3);
        Assert.Equal(10, estimate.ResolutionJ, 1e-6);
        Assert.Contains(estimate.Findings, finding => finding.Rule == "bmc-refresh" && finding.Detail.Contains("1 s", StringComparison.Ordinal));
    }

    [Fact]
    public void A_board_controller_that_is_switched_off_or_cannot_be_asked_is_not_zero()
    {
        var off = new Recording("run", 1).At(0, Dcmi(0, "deactivated")).At(1, Dcmi(0, "deactivated")).At(2, Dcmi(0, "deactivated"));
        var none = new Recording("run", 1).At(0, "Could not open device at /dev/ipmi0: No such file or directory", 1).At(1, "Could not open device at /dev/ipmi0: No such file or directory", 1);

        Handmade.IsRefused(Handmade.Estimate(new IpmiDcmiEstimator(), 0, 2, [off.File()]), "dcmi power activate");
        Handmade.IsRefused(Handmade.Estimate(new IpmiDcmiEstimator(), 0, 1, [none.File()]), "/dev/ipmi0");
    }

    [Theory]
    [InlineData("""{ "@odata.id": "/redfish/v1/Chassis/1/Power", "PowerControl": [ { "MemberId": "0", "PowerConsumedWatts": 344, "PowerMetrics": { "AverageConsumedWatts": 319 } } ] }""")]
    [InlineData("""{ "@odata.id": "/redfish/v1/Chassis/1/EnvironmentMetrics", "PowerWatts": { "Reading": 344 }, "EnergykWh": { "Reading": 3483 } }""")]
    public void Redfish_tells_the_chassis_power(string json)
    {
        var recording = new Recording("redfish", 2).At(0, json).At(2, json).At(4, json);

        Assert.Equal(4 * 344, Handmade.Estimate(new RedfishEstimator(), 0, 4, [recording.File()]).EnergyJ!.Value, 1e-3);
    }

    [Fact]
    public void A_password_in_an_address_is_refused() => Assert.Contains(
        "redfish.curlrc",
        Assert.Throws<ConfigurationException>(() => new RedfishEstimator().Launch(new EstimatorSettings("https://root:calvin@bmc/redfish/v1/Chassis/1/Power"), "x")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Two_cards_are_added_with_the_drivers_own_stamps()
    {
        var recording = new Recording("nvidia", 1, Fields);
        for (var i = 0; i <= 10; i++)
        {
            // The lines arrive 100 and 200 ms late.
            recording.At(i + 0.1, $"2026/01/01 10:00:{i:00}.000, 0, GPU-a, NVIDIA GeForce RTX 4090, 300.00");
            recording.At(i + 0.2, $"2026/01/01 10:00:{i:00}.000, 1, GPU-b, NVIDIA A100-SXM4-80GB, {100 + (10 * i)}.50");
        }

        var estimate = Handmade.Estimate(new NvidiaSmiEstimator(), 0, 10, [recording.File()]);

        Assert.Equal(3000 + 1505, estimate.EnergyJ!.Value, 1e-3);
        Assert.Contains(estimate.Findings, finding => finding.Rule == "averaging-window" && finding.Detail.Contains("last second", StringComparison.Ordinal));
        Assert.Contains(estimate.Findings, finding => finding.Rule == "averaging-window" && finding.Detail.Contains("25 ms of every 100 ms", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[N/A]")]
    [InlineData("[Not Supported]")]
    public void A_card_that_tells_no_power_makes_the_sum_useless(string word)
    {
        var recording = new Recording("nvidia", 1, Fields);
        for (var i = 0; i <= 3; i++)
            recording.At(i, $"2026/01/01 10:00:{i:00}.000, 0, GPU-a, Tesla K80, {word}").At(i + 0.01, $"2026/01/01 10:00:{i:00}.000, 1, GPU-b, Tesla V100, 50.00");

        Handmade.IsRefused(Handmade.Estimate(new NvidiaSmiEstimator(), 0, 3, [recording.File()]), "card 0");
    }

    [Fact]
    public void An_energy_counter_counts_before_added_power_and_both_are_told()
    {
        var recording = new Recording("nvidia", 1, "fields timestamp,index,uuid,name,power.draw,total_energy_consumption");
        for (var i = 0; i <= 5; i++)
            recording.At(i, $"2026/01/01 10:00:{i:00}.000, 0, GPU-a, Tesla V100, 60.00, {1_000_000 + (37_400 * i)}");

        var estimate = Handmade.Estimate(new NvidiaSmiEstimator(), 0, 5, [recording.File()]);

        Assert.Equal(187, estimate.EnergyJ!.Value, 1e-3);
        Assert.Contains(estimate.Findings, finding => finding is { Rule: "counter-disagrees", Severity: Severity.Warning } && finding.Detail.Contains("300 J", StringComparison.Ordinal));
    }

    [Fact]
    public void A_driver_that_is_not_loaded_is_told_in_its_own_words()
    {
        const string Words = "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.";
        var recording = new Recording("nvidia", 1, Fields).At(0, Words).At(1, Words).At(2, Words);

        Handmade.IsRefused(Handmade.Estimate(new NvidiaSmiEstimator(), 0, 2, [recording.File()]), "couldn't communicate");
    }

    [Theory]
    [InlineData("""{"card0": {"Average Graphics Package Power (W)": "120.0"}, "card1": {"Average Graphics Package Power (W)": "80.0"}}""")]
    [InlineData("""{"card0": {"Current Socket Graphics Package Power (W)": "200.0"}, "card1": {"Current Socket Graphics Package Power (W)": "N/A (Secondary die)"}}""")]
    [InlineData("""[{"gpu": 0, "power": {"socket_power": {"value": 150, "unit": "W"}}}, {"gpu": 1, "power": {"socket_power": "50 W"}}]""")]
    [InlineData("""{"gpu_data": [{"gpu": 0, "power": {"socket_power": {"value": 200, "unit": "W"}}}]}""")]
    [InlineData("hwmon2 150000000\nhwmon3 50000000")]
    public void Cards_of_AMD_are_read_by_every_tool(string text)
    {
        var recording = new Recording("amd", 1).At(0, text).At(1, text).At(2, text);

        Assert.Equal(400, Handmade.Estimate(new AmdGpuEstimator(), 0, 2, [recording.File()]).EnergyJ!.Value, 1e-3);
    }

    [Fact]
    public void A_card_of_AMD_without_a_figure_is_not_zero()
    {
        var recording = new Recording("amd", 1).At(0, "hwmon2 -").At(1, "hwmon2 -").At(2, "hwmon2 -");

        Handmade.IsRefused(Handmade.Estimate(new AmdGpuEstimator(), 0, 2, [recording.File()]), "hwmon2");
    }

    [Fact]
    public async Task A_battery_is_read_as_power_or_as_current_times_voltage()
    {
        using var tree = new SysfsTree();
        tree.Write("AC/type", "Mains");
        tree.Write("BAT0/type", "Battery");
        tree.Write("BAT0/status", "Discharging");
        tree.Write("BAT0/power_now", "12000000");
        tree.Write("BAT1/type", "Battery");
        tree.Write("BAT1/status", "Discharging");
        tree.Write("BAT1/current_now", "-500000");
        tree.Write("BAT1/voltage_now", "16000000");

        var file = await tree.SampleAsync(new BatteryEstimator(), () => SysfsTree.WaitAsync(1));

        var row = Assert.Single(new BatteryEstimator().Read([file]).Rows);
        Assert.Equal(20, row.EnergyJ!.Value / row.DurationS!.Value, 1e-6);
    }

    [Fact]
    public void A_battery_beside_the_mains_says_nothing_of_the_machine()
    {
        const string Charging = "BAT0 status=Charging power_now=30000000 current_now=- voltage_now=12000000 energy_now=-";
        var recording = new Recording("battery", 1).At(0, Charging).At(1, Charging).At(2, Charging);

        Handmade.IsRefused(Handmade.Estimate(new BatteryEstimator(), 0, 2, [recording.File()]), "not being discharged");
    }

    // ipmitool 1.8.19's words.
    private static string Dcmi(int watts, string state = "activated") => $"""

            Instantaneous power reading:                   {watts} Watts
            Minimum during sampling period:                 18 Watts
            Maximum during sampling period:                411 Watts
            Average power reading over sample period:      212 Watts
            IPMI timestamp:                           Thu Jan  1 10:00:00 2026
            Sampling period:                          00000001 Seconds.
            Power reading state is:                   {state}

        """;
}
