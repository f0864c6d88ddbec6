using System.Globalization;

namespace MeterLab.MeterDrivers.I2c;

/// <summary>
/// A driver of the Linux kernel that has a chip (Documentation/i2c/instantiating-devices; a bound device has a link <c>driver</c> in sysfs). Two drivers on one
/// chip each write the calibration that they want, and then both give wrong watts.
/// </summary>
/// <param name="Place">The kernel's name for the chip's place: <c>1-0040</c>.</param>
/// <param name="Driver">The driver: <c>ina2xx</c>.</param>
/// <param name="Device">What the kernel takes the chip for: <c>ina226</c>.</param>
internal sealed record KernelClaim(string Place, string Driver, string Device)
{
    private const string DriverLink = "driver";
    private const string NameFile = "name";

    /// <summary>An address that reads the chip through that driver.</summary>
    internal string Uri => $"hwmon://{Device}@{Place}";

    /// <summary>The claim on an address of a bus; null where there is none, or no sysfs.</summary>
    /// <param name="devices"><c>/sys/bus/i2c/devices</c>.</param>
    /// <param name="bus">The bus number.</param>
    /// <param name="address">The chip's address.</param>
    internal static KernelClaim? Of(string devices, int bus, int address)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"{bus}-{address:x4}");
        var folder = Path.Combine(devices, place);
        if (new DirectoryInfo(Path.Combine(folder, DriverLink)).LinkTarget is not { } driver)
            return null;
        var name = Path.Combine(folder, NameFile);
        return new KernelClaim(place, Path.GetFileName(driver), File.Exists(name) ? File.ReadAllText(name).Trim() : "NAME");
    }

    /// <summary>Throws <see cref="LinkException"/> where a driver of the kernel has the chip.</summary>
    internal static void Refuse(string devices, int bus, int address)
    {
        if (Of(devices, bus, address) is { } claim)
        {
            throw new LinkException(
                LinkFailure.Busy,
                $"0x{address:x2} on I2C bus {bus} belongs to the kernel's driver {claim.Driver}, which writes a calibration of its own: both would give wrong watts. "
                + $"Read it as {claim.Uri}, or take it from the driver, as root: echo {claim.Place} > /sys/bus/i2c/drivers/{claim.Driver}/unbind");
        }
    }
}
