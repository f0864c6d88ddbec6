using System.Globalization;

namespace MeterLab.MeterDrivers.Hwmon;

/// <summary>
/// Finds the folder of a device: <c>hwmon://ina226@1-0040</c> by driver name and place, which survive a restart, or
/// <c>hwmon:///sys/class/hwmon/hwmon3</c> by a number that need not.
/// </summary>
internal static class HwmonAddress
{
    private const string Prefix = "hwmon";
    private const string NameFile = "name";
    private const string DeviceLink = "device";

    /// <summary>
    /// The device's folder. Throws <see cref="Measurement.ConfigurationException"/> for an address that is none,
    /// <see cref="LinkException"/> where nothing is there, <see cref="MeterException"/> where something else is.
    /// </summary>
    internal static string Find(MeterUri uri, string directory) =>
        uri.Host.Length > 0 ? ByPlace(uri, directory) : ByNumber(uri, directory);

    private static string ByNumber(MeterUri uri, string directory)
    {
        var folder = Path.GetFileName(uri.Path);
        if (Path.GetDirectoryName(uri.Path) != directory || !IsNumbered(folder))
            throw uri.Error($"'{uri.Path}' is no device of the kernel's hardware monitoring; write for instance hwmon://{directory}/hwmon0, or hwmon://ina226@1-0040");
        var path = Path.Combine(directory, folder);
        return Directory.Exists(path) ? path : throw Missing(uri, directory);
    }

    private static string ByPlace(MeterUri uri, string directory)
    {
        var at = uri.Host.IndexOf('@', StringComparison.Ordinal);
        if (at <= 0 || at == uri.Host.Length - 1 || uri is not { Path: "" or "/", Port: null })
            throw uri.Error("write the driver's name, an @, and the place on its bus: for instance hwmon://ina226@1-0040 for 0x40 on I2C bus 1");
        var (chip, place) = (uri.Host[..at], Normalised(uri.Host[(at + 1)..]));
        string? stranger = null;
        foreach (var (folder, name, device) in Devices(directory))
        {
            if (device != place)
                continue;
            if (name == chip)
                return folder;
            stranger = name;
        }

        throw stranger is null
            ? Missing(uri, directory)
            : new MeterException(MeterFailure.WrongDevice, $"{uri}: the kernel drives the device at {place} as {stranger}, not as {chip}. Check the address and the bound driver.");
    }

    /// <summary>I2C places are written 1-0040; 1-40 and 1-0x40 mean the same.</summary>
    private static string Normalised(string place)
    {
        var dash = place.IndexOf('-', StringComparison.Ordinal);
        if (dash <= 0)
            return place;
        var address = place.AsSpan(dash + 1);
        if (address.StartsWith("0x"))
            address = address[2..];
        return int.TryParse(place.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var bus)
            && int.TryParse(address, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
                ? string.Create(CultureInfo.InvariantCulture, $"{bus}-{number:x4}")
                : place;
    }

    private static IEnumerable<(string Folder, string Name, string Device)> Devices(string directory)
    {
        if (!Directory.Exists(directory))
            yield break;
        foreach (var folder in Directory.EnumerateDirectories(directory, Prefix + "*").Order(StringComparer.Ordinal))
        {
            var name = Path.Combine(folder, NameFile);
            var device = Directory.ResolveLinkTarget(Path.Combine(folder, DeviceLink), returnFinalTarget: false)?.FullName;
            if (IsNumbered(Path.GetFileName(folder)) && File.Exists(name) && device is not null)
                yield return (folder, File.ReadAllText(name).Trim(), Path.GetFileName(device));
        }
    }

    private static bool IsNumbered(string folder) =>
        folder.Length > Prefix.Length && folder.StartsWith(Prefix, StringComparison.Ordinal) && folder.AsSpan(Prefix.Length).IndexOfAnyExceptInRange('0', '9') < 0;

    private static LinkException Missing(MeterUri uri, string directory)
    {
        var found = Devices(directory).Select(device => $"{device.Name}@{device.Device}").ToArray();
        return new LinkException(
            LinkFailure.Unreachable,
            $"{uri}: the kernel monitors no such device. "
            + (found.Length > 0 ? $"It has {string.Join(", ", found)}." : "It has none: is the driver loaded, and the device bound to it (modprobe ina2xx; echo ina226 0x40 > /sys/bus/i2c/devices/i2c-1/new_device)?"));
    }
}
