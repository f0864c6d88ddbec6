namespace MeterLab.MeterDrivers.Links;

/// <summary>
/// Opens serial lines, exclusively. On Linux straight through the kernel (a round trip costs tens of microseconds, and a sample's
/// time is only as good as its round trip); elsewhere through System.IO.Ports.
/// </summary>
public static class SerialLink
{
    /// <summary>
    /// Opens the line at <paramref name="path"/> (<c>/dev/ttyUSB0</c>, <c>COM3</c>) and throws away what had arrived before. Throws
    /// <see cref="LinkException"/>: no such device, no permission, or another program holds it (and, where that can be seen, which).
    /// </summary>
    public static IByteLink Open(string path, SerialSettings settings)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(settings);
        settings.Check();
        return OperatingSystem.IsLinux() ? SerialTerminalLink.Open(path, settings) : SerialPortLink.Open(path, settings);
    }
}
