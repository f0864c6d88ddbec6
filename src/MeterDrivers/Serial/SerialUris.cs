using MeterLab.MeterDrivers.Links;

namespace MeterLab.MeterDrivers.Serial;

/// <summary>What the addresses of serial meters have in common.</summary>
internal static class SerialUris
{
    /// <summary>Checks the address and returns what opens its line; <paramref name="options"/> are the family's own beside those of a line.</summary>
    public static (SerialSettings Line, Func<IByteLink> Open) LineOf(MeterUri uri, SerialSettings otherwise, params string[] options)
    {
        uri.AllowOptions(["model", .. SerialSettings.OptionNames, .. options]);
        if (uri.Host.Length > 0 || uri.Path.Length < 2)
            throw uri.Error("the device file is missing; write for instance serial:///dev/ttyUSB0");
        var line = SerialSettings.FromUri(uri, otherwise);
        var path = uri.Path;
        return (line, () => SerialLink.Open(path, line));
    }
}
