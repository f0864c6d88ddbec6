namespace MeterLab.Kernel.Tests;

/// <summary>A USB serial line of a real kernel, pulled out under a recording and plugged in again.</summary>
public sealed class KernelSerialTests(Guest guest)
{
    [Fact]
    public void A_meter_on_a_USB_serial_line_is_read()
    {
        Assert.True(guest["serial"].ExitCode == 0, guest["serial"].Errors);
        Assert.Equal(230.5, guest["serial"].Value("active-power"), 1e-9);
    }

    [Fact]
    public void A_line_that_is_not_plugged_in_is_said_to_be_missing()
    {
        Assert.Equal(1, guest["serial-removed"].ExitCode);
        Assert.Contains("/dev/ttyACM0", guest["serial-removed"].Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recording_outlives_the_unplugging_and_shows_the_gap()
    {
        var recording = Recording.Of(guest["serial-record"]);
        Assert.All(recording.Rows, row => Assert.Equal(230.5, row.Watts, 1e-6));
        Assert.InRange(recording.Gap, 0.5, 10);
        Assert.True(recording.Before > 2, $"{recording.Before} values before");
        Assert.True(recording.After > 2, $"{recording.After} values after");
        Assert.True(recording.Lost > 0);
        Assert.InRange(recording.Reconnections, 1, 3);
    }
}
