using System.Globalization;

namespace MeterLab.MeterDrivers.Hwmon;

/// <summary>
/// Finds the folder of a device: <c>hwmon://ina226@1-0040</c> by driver name and place, which survive a restart, or
/// <c>hwmon:///sys/class/hwmon/hwmon3</c> and <c>hwmon:///sys/bus/iio/devices/iio:device0</c> by a number that need not. A place is looked for among what the
/// kernel monitors and among its industrial input and output: one chip has one driver.
/// </summary>
/// <param name="environment">Where the two are.</param>
internal sealed class HwmonAddress(MeterEnvironment environment)
{
    private const string Hwmon = "hwmon";
    private const string Iio = "iio:device";
    private const string NameFile = "name";
    private const string DeviceLink = "device";

    /// <summary>Whether a folder is one of industrial input and output.</summary>
    internal static bool IsIio(string folder) => IsNumbered(Path.GetFileName(folder), Iio);

    /// <summary>
    /// The device's folder. Throws <see cref="Measurement.ConfigurationException"/> for an address that is none,
    /// <see cref="LinkException"/> where nothing is there, <see cref="MeterException"/> where something else is.
    /// </summary>
    internal string Find(MeterUri uri) => uri.Host.Length > 0 ? ByPlace(uri) : ByNumber(uri);

    private string ByNumber(MeterUri uri)
    {
        var (directory, folder) = (Path.GetDirectoryName(uri.Path), Path.GetFileName(uri.Path));
        if (!(directory == environment.HwmonDirectory && IsNumbered(folder, Hwmon)) && !(directory == environment.IioDirectory && IsNumbered(folder, Iio)))
        {
            throw uri.Error($"'{uri.Path}' is no device of the kernel's hardware monitoring; write for instance hwmon://{environment.HwmonDirectory}/hwmon0, "
                + $"hwmon://{environment.IioDirectory}/iio:device0, or hwmon://ina226@1-0040");
        }

        return Directory.Exists(uri.Path) ? uri.Path : throw Missing(uri);
    }

    private string ByPlace(MeterUri uri)
    {
        var at = uri.Host.IndexOf('@', StringComparison.Ordinal);
        if (at <= 0 || at == uri.Host.Length - 1 || uri is not { Path: "" or "/", Port: null })
            throw uri.Error("write the driver's name, an @, and the place on its bus: for instance hwmon://ina226@1-0040 for 0x40 on I2C bus 1");
        var (chip, place) = (uri.Host[..at], Normalised(uri.Host[(at + 1)..]));
        string? stranger = null;
        foreach (var (folder, name, device) in Devices())
        {
            if (device != place)
                continue;
            if (name == chip)
                return folder;
            stranger = name;
        }

        throw stranger is null
            ? Missing(uri)
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

    private IEnumerable<(string Folder, string Name, string Device)> Devices() =>
        Devices(environment.HwmonDirectory, Hwmon, folder => LinkTarget(Path.Combine(folder, DeviceLink)))
            // A device of this bus has no link to its chip: it is a link itself, to a folder inside the chip's.
            .Concat(Devices(environment.IioDirectory, Iio, folder => LinkTarget(folder) is { } own ? Path.GetDirectoryName(own) : null));

    private static IEnumerable<(string Folder, string Name, string Device)> Devices(string directory, string prefix, Func<string, string?> deviceOf)
    {
        if (!Directory.Exists(directory))
            yield break;
        foreach (var folder in Directory.EnumerateDirectories(directory, prefix + "*").Order(StringComparer.Ordinal))
        {
            var name = Path.Combine(folder, NameFile);
            if (IsNumbered(Path.GetFileName(folder), prefix) && File.Exists(name) && deviceOf(folder) is { } device)
                yield return (folder, File.ReadAllText(name).Trim(), Path.GetFileName(device));
        }
    }

    // Some devices, of thermal zones for instance, belong to nothing.
    private static string? LinkTarget(string path) => new DirectoryInfo(path).LinkTarget is null ? null : Directory.ResolveLinkTarget(path, returnFinalTarget: false)?.FullName;

    private static bool IsNumbered(string folder, string prefix) =>
        folder.Length > prefix.Length && folder.StartsWith(prefix, StringComparison.Ordinal) && folder.AsSpan(prefix.Length).IndexOfAnyExceptInRange('0', '9') < 0;

    private LinkException Missing(MeterUri uri)
    {
        var found = Devices().Select(device => $"{device.Name}@{device.Device}").ToArray();
        return new LinkException(
            LinkFailure.Unreachable,
            $"{uri}: the kernel monitors no such device. "
            + (found.Length > 0 ? $"It has {string.Join(", ", found)}." : "It has none: is the driver loaded, and the device bound to it (modprobe ina2xx; echo ina226 0x40 > /sys/bus/i2c/devices/i2c-1/new_device)?"));
    }
}
