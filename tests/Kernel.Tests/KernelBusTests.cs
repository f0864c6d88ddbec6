namespace MeterLab.Kernel.Tests;

/// <summary>Chips on a bus of a real kernel, read by the program's own driver through /dev/i2c and through the kernel's drivers.</summary>
public sealed class KernelBusTests(Guest guest)
{
    [Theory]
    [InlineData("ina219")]
    [InlineData("ina226")]
    [InlineData("ina228")]
    [InlineData("ina238")]
    public void The_drivers_watts_are_the_kernels(string chip)
    {
        var (own, kernel) = (guest[$"{chip}-driver"], guest[$"{chip}-hwmon"]);
        Assert.True(own.ExitCode == 0, own.Errors);
        Assert.True(kernel.ExitCode == 0, kernel.Errors);
        // 2.5 A at 12 V; steps of the chips and of the drivers' units are below 0.1 %.
        Assert.Equal(30, own.Value("active-power"), 0.03);
        Assert.Equal(own.Value("active-power"), kernel.Value("active-power"), 0.03);
        Assert.Equal(12, own.Value("voltage"), 4e-3);
        Assert.Equal(own.Value("voltage"), kernel.Value("voltage"), 4e-3);
        Assert.Equal(2.5, own.Value("current"), 2.5e-3);
        Assert.Equal(own.Value("current"), kernel.Value("current"), 2.5e-3);
    }

    [Theory]
    [InlineData("ina219")]
    [InlineData("ina226")]
    public void The_drivers_watts_are_those_of_the_kernels_other_driver(string chip)
    {
        var (own, kernel) = (guest[$"{chip}-driver"], guest[$"{chip}-iio"]);
        Assert.True(kernel.ExitCode == 0, kernel.Errors);
        Assert.Equal(own.Value("active-power"), kernel.Value("active-power"), 0.03);
        Assert.Equal(own.Value("voltage"), kernel.Value("voltage"), 4e-3);
        Assert.Equal(own.Value("current"), kernel.Value("current"), 2.5e-3);
    }

    [Theory]
    [InlineData("reversed-driver")]
    [InlineData("reversed-hwmon")]
    public void Reversed_current_is_negative_power_both_ways(string scene)
    {
        Assert.Equal(-15, guest[scene].Value("active-power"), 0.03);
        Assert.Equal(-1.25, guest[scene].Value("current"), 2e-3);
    }

    [Theory]
    [InlineData("absent", "Nothing answers at 0x48 on I2C bus 7.")]
    [InlineData("absent-hwmon", "the kernel monitors no such device. It has ina219@7-0040, ina228@7-0042, ina238@7-0043.")]
    [InlineData("claimed", "0x41 on I2C bus 7 belongs to the kernel's driver ina2xx")]
    [InlineData("nack", "Nothing answers at 0x41 on I2C bus 7.")]
    [InlineData("removed", "There is no I2C bus 7 (/dev/i2c-7).")]
    public void What_is_wrong_with_the_bus_is_said(string scene, string expected)
    {
        Assert.Equal(1, guest[scene].ExitCode);
        Assert.Contains(expected, guest[scene].Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("record")]
    [InlineData("record-hwmon")]
    public void A_recording_outlives_a_refusal_and_the_adapters_removal(string scene)
    {
        var recording = Recording.Of(guest[scene]);
        Assert.All(recording.Rows, row => Assert.Equal(30, row.Watts, 0.04));
        // Away for a second and more; there before and after.
        Assert.InRange(recording.Gap, 0.5, 14);
        Assert.True(recording.Before > 10, $"{recording.Before} values before");
        Assert.True(recording.After > 10, $"{recording.After} values after");
        Assert.True(recording.Lost > 0);
        Assert.InRange(recording.Reconnections, 1, 20);
    }

    [Fact]
    public void A_refusal_in_the_middle_of_a_transfer_is_tried_again() =>
        Assert.InRange(Recording.Of(guest["record"]).Retries + Recording.Of(guest["record-hwmon"]).Retries, 1, 50);
}
