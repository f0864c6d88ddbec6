using System.Globalization;

namespace MeterLab.MeterDrivers.I2c;

/// <summary>Puts what System.Device.I2c throws into words. It has the errno in the message only ("Error 6 (No such device or address) …").</summary>
internal static class I2cFailure
{
    private const int NoEntry = 2;
    private const int NoAddress = 6;
    private const int AccessDenied = 13;
    private const int NoDevice = 19;
    private const int Shutdown = 108;
    private const int DeviceTimedOut = 62;
    private const int ConnectionTimedOut = 110;
    private const int RemoteFault = 121;

    /// <summary>The failure of an exchange with the chip at an address.</summary>
    internal static LinkException OfExchange(int bus, int address, IOException cause) => ErrorNumber(cause.Message) switch
    {
        NoAddress or RemoteFault => new LinkException(
            LinkFailure.Unreachable,
            $"Nothing answers at 0x{address:x2} on I2C bus {bus}. Check supply, wiring, pull-ups and address pins; `i2cdetect -y {bus}` shows who is there.",
            cause),
        DeviceTimedOut or ConnectionTimedOut => new LinkException(
            LinkFailure.TimedOut, $"I2C bus {bus} timed out at 0x{address:x2}: a device holds the clock or data line low.", cause),
        NoDevice or NoEntry or Shutdown => Gone(bus, cause),
        _ => new LinkException(LinkFailure.Corrupt, $"The exchange with 0x{address:x2} on I2C bus {bus} failed: {cause.Message}", cause),
    };

    /// <summary>The failure of a bus whose adapter was removed.</summary>
    internal static LinkException Gone(int bus, Exception? cause) => new(
        LinkFailure.Closed, $"I2C bus {bus} went away: was its adapter unplugged, or its driver unloaded?", cause);

    /// <summary>The failure to open a bus.</summary>
    internal static LinkException OfOpening(int bus, Exception cause) => ErrorNumber(cause.Message) switch
    {
        NoEntry => new LinkException(
            LinkFailure.Unreachable, $"There is no I2C bus {bus} (/dev/i2c-{bus}). Load i2c-dev (`sudo modprobe i2c-dev`); `i2cdetect -l` lists the buses.", cause),
        AccessDenied => new LinkException(
            LinkFailure.Denied, $"I2C bus {bus}: this user may not open /dev/i2c-{bus}. Join its group: `sudo usermod -aG i2c $USER`, then log in again.", cause),
        _ => new LinkException(LinkFailure.Unreachable, $"I2C bus {bus} does not open: {cause.Message}", cause),
    };

    private static int ErrorNumber(string message)
    {
        const string Word = "Error ";
        var start = message.IndexOf(Word, StringComparison.Ordinal);
        if (start < 0)
            return 0;
        var digits = message.AsSpan(start + Word.Length);
        var length = 0;
        while (length < digits.Length && char.IsAsciiDigit(digits[length]))
            length++;
        return int.TryParse(digits[..length], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }
}
