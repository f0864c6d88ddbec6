using MeterLab.MeterDrivers.Fields;
using MeterLab.MeterDrivers.Links;
using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Scpi;

/// <summary>
/// Opens <c>scpi://HOST[:5025]?model=MODEL</c> and <c>scpi-serial:///dev/ttyUSB1?model=MODEL</c>. Options: model (a name or a path), setup (true sends the
/// profile's set-up commands first), timeout; on a serial line also baud, parity, stop-bits, data-bits.
/// </summary>
public sealed class ScpiOpener : ProfileOpener
{
    private const string Network = "scpi";
    private const string Serial = "scpi-serial";
    private const int DefaultPort = 5025;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Schemes { get; } = [Network, Serial];

    private protected override string Example => "yokogawa-wt310e";

    private protected override int PollsPerUpdate => 5;

    private protected override bool Speaks(MeterProfile profile) => profile.Scpi is not null;

    private protected override string[] OptionsOf(MeterUri uri) =>
        uri.Scheme == Serial ? ["model", "setup", "timeout", .. SerialSettings.OptionNames] : ["model", "setup", "timeout"];

    private protected override IFieldDevice DeviceOf(MeterUri uri, MeterProfile profile, MeterEnvironment environment)
    {
        var setUp = ProfileUris.Switch(uri, "setup");
        var line = new ScpiLine(Wire(uri, profile, environment), profile.Scpi!.Terminator, environment.Clock, environment.Time);
        return new ScpiDevice(profile, line, setUp);
    }

    private static ScpiWire Wire(MeterUri uri, MeterProfile profile, MeterEnvironment environment)
    {
        var timeout = ProfileUris.Timeout(uri, profile.Scpi!.Timeout);
        var transport = profile.Transport(uri.Scheme)!;
        if (uri.Scheme == Serial)
        {
            if (uri.Host.Length > 0 || uri.Path.Length < 2)
                throw uri.Error($"the device file is missing; write for instance scpi-serial:///dev/ttyUSB1?model={profile.Facts.Model}");
            var settings = SerialSettings.FromUri(uri, transport.Line ?? new SerialSettings());
            var path = uri.Path;
            var character = TimeSpan.FromSeconds((double)settings.BitsPerCharacter / settings.Baud);
            return new ScpiWire(path, IsNetwork: false, timeout, character, _ => ValueTask.FromResult(SerialLink.Open(path, settings)));
        }

        if (uri.Host.Length == 0 || uri.Path.Length > 0)
            throw uri.Error($"the address is not of the form scpi://10.0.0.20?model={profile.Facts.Model}");
        var port = uri.Port ?? transport.Port ?? DefaultPort;
        var name = uri.Host.Contains(':', StringComparison.Ordinal) ? $"[{uri.Host}]:{port}" : $"{uri.Host}:{port}";
        return new ScpiWire(
            name, IsNetwork: true, timeout, TimeSpan.Zero, token => TcpLink.ConnectAsync(uri.Host, port, timeout, environment.Time, token));
    }
}
