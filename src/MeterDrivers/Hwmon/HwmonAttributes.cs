using System.Globalization;

namespace MeterLab.MeterDrivers.Hwmon;

/// <summary>
/// Reads the attributes of one device of the kernel's hardware monitoring (Documentation/hwmon/sysfs-interface: decimal integers in
/// micro- or milli-units) or of its industrial input and output (integers, and decimal scales beside them), one a file. A file is read from its beginning each time, which makes the kernel's driver read its chip.
/// Throws <see cref="LinkException"/>; nothing is retried here. No allocation a reading.
/// </summary>
internal sealed class HwmonAttributes(string folder, MeterUri uri) : IDisposable
{
    // A sysfs attribute is at most a page; a number is far shorter.
    private const int LongestNumber = 32;
    private const int NoDevice = 19;
    private const int DeviceBusy = 16;
    private const int NoAddress = 6;
    private const int NoEntry = 2;
    private const int TimedOut = 110;
    private const int RemoteFault = 121;

    private readonly Dictionary<string, FileStream> _open = new(StringComparer.Ordinal);

    /// <summary>The device's folder: <c>/sys/class/hwmon/hwmon0</c>.</summary>
    internal string Folder { get; private set; } = folder;

    /// <summary>Whether the device has an attribute.</summary>
    internal bool Has(string attribute) => File.Exists(Path.Combine(Folder, attribute));

    /// <summary>A text attribute without its line end, or null where the device has none: <c>name</c>, <c>power1_label</c>.</summary>
    internal string? Text(string attribute)
    {
        try
        {
            return File.ReadAllText(Path.Combine(Folder, attribute)).Trim();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure(attribute, e);
        }
    }

    /// <summary>An integer attribute.</summary>
    internal long Number(string attribute)
    {
        Span<byte> text = stackalloc byte[LongestNumber];
        try
        {
            var length = RandomAccess.Read(Opened(attribute).SafeFileHandle, text, fileOffset: 0);
            if (long.TryParse(text[..length].TrimEnd((byte)'\n'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                return number;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure(attribute, e);
        }

        throw new LinkException(LinkFailure.Corrupt, $"{uri}: {Path.Combine(Folder, attribute)} holds no number.");
    }

    /// <summary>A decimal attribute: a scale, a time in seconds. Not for every sample: it allocates.</summary>
    internal double Decimal(string attribute) =>
        double.TryParse(Text(attribute), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw new LinkException(LinkFailure.Corrupt, $"{uri}: {Path.Combine(Folder, attribute)} holds no number.");

    /// <summary>The name that the driver gives the device. Throws <see cref="MeterException"/> where there is none.</summary>
    internal string NameOf() =>
        Text("name") ?? throw new MeterException(MeterFailure.Protocol, $"{uri}: {Folder} has no name: it is no monitored device.");

    /// <summary>Lets go of all files, and goes to where the device is now: a driver bound anew gets a new folder.</summary>
    internal void Move(string folder)
    {
        Dispose();
        Folder = folder;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var stream in _open.Values)
            stream.Dispose();
        _open.Clear();
    }

    private FileStream Opened(string attribute)
    {
        if (!_open.TryGetValue(attribute, out var stream))
        {
            stream = new FileStream(Path.Combine(Folder, attribute), FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            _open.Add(attribute, stream);
        }

        return stream;
    }

    private LinkException Failure(string attribute, Exception cause)
    {
        var path = Path.Combine(Folder, attribute);
        return cause switch
        {
            UnauthorizedAccessException => new LinkException(
                LinkFailure.Denied, $"{uri}: this user may not read {path}. `ls -l {path}` shows who may; a udev rule can open it.", cause),
            FileNotFoundException or DirectoryNotFoundException => new LinkException(
                LinkFailure.Unreachable, $"{uri}: {path} is gone. Was the driver unloaded, or the adapter removed?", cause),
            _ => OfErrno(path, cause),
        };
    }

    // .NET keeps the errno of a failure that it has no exception for as the result.
    private LinkException OfErrno(string path, Exception cause) => cause.HResult switch
    {
        NoDevice or NoEntry => new LinkException(
            LinkFailure.Unreachable, $"{uri}: {path} is gone. Was the driver unloaded, or the adapter removed?", cause),
        NoAddress or RemoteFault => new LinkException(
            LinkFailure.Unreachable, $"{uri}: the kernel's driver gets no answer from its chip ({cause.Message}). Check supply and wiring.", cause),
        DeviceBusy => new LinkException(
            LinkFailure.Busy, $"{uri}: the kernel's driver is busy: another program records this device through its buffer.", cause),
        TimedOut => new LinkException(LinkFailure.TimedOut, $"{uri}: the kernel's driver timed out on its bus ({cause.Message}).", cause),
        _ => new LinkException(LinkFailure.Corrupt, $"{uri}: {path} cannot be read: {cause.Message}", cause),
    };
}
