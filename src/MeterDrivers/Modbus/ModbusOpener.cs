using System.Globalization;

using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.MeterDrivers.Links;
using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Modbus;

/// <summary>
/// Opens <c>modbus-tcp://HOST[:502]/UNIT?model=MODEL</c>, <c>modbus-rtu:///dev/ttyUSB0/UNIT?model=MODEL</c> and
/// <c>modbus-rtu-tcp://HOST:PORT/UNIT?model=MODEL</c>. Options: model (a name or a path), timeout, word-order; on a serial line
/// also baud, parity, stop-bits. Meters that one opener opens on one line or gateway share it.
/// </summary>
public sealed class ModbusOpener : IMeterOpener
{
    private const string Tcp = "modbus-tcp";
    private const string Rtu = "modbus-rtu";
    private const string RtuTcp = "modbus-rtu-tcp";

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);

    private readonly ModbusBusRegistry _buses = new();

    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; } = [Tcp, Rtu, RtuTcp];

    /// <inheritdoc/>
    public IReadOnlyList<MeterFacts> Models(MeterEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return [.. new ProfileLibrary(environment.ProfileDirectory).All().Select(profile => profile.Facts)];
    }

    /// <inheritdoc/>
    public async Task<IMeter> OpenAsync(MeterUri uri, string name, MeterEnvironment environment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(uri);
        ArgumentNullException.ThrowIfNull(environment);
        var profile = ProfileOf(uri, environment);
        var transport = profile.Transport(uri.Scheme)
            ?? throw uri.Error($"{profile.Facts.Model} is not reached by {uri.Scheme}; it speaks {string.Join(", ", profile.Facts.Transports)}");
        var (device, unit) = PlaceOf(uri);
        var (key, bus) = BusOf(uri, device, transport, profile, environment);
        var timeout = uri.Quantity("timeout", Dimension.Time) is { } seconds ? TimeSpan.FromSeconds(seconds) : profile.Registers.Timeout;
        if (timeout <= TimeSpan.Zero || timeout > TimeSpan.FromMinutes(1))
            throw uri.Error("timeout: a time above 0, up to 1 min, is right");
        var lease = _buses.Join(key, bus, environment.Clock, environment.Time)
            ?? throw uri.Error($"another meter uses {bus.Name} already with other serial settings; meters on one line must agree, so write baud, parity and stop-bits for each (here: {bus.Line!.Baud} Bd, {bus.Line.StopBits} stop bits)");
        try
        {
            await lease.Bus.EnsureOpenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await lease.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        var client = new ModbusClient(lease.Bus, unit, timeout, profile.Registers.MinimumGap);
        return new ModbusMeter(uri, name, profile, client, environment, lease);
    }

    private static MeterProfile ProfileOf(MeterUri uri, MeterEnvironment environment)
    {
        if (uri.Scheme == Rtu)
            uri.AllowOptions("model", "timeout", "word-order", "baud", "parity", "stop-bits");
        else
            uri.AllowOptions("model", "timeout", "word-order");
        var model = uri.Model ?? throw uri.Error("the model is missing; add for instance ?model=eastron-sdm630");
        var profile = new ProfileLibrary(environment.ProfileDirectory).Find(model);
        if (uri.Option("word-order") is not { } text)
            return profile;
        var order = RegisterMapReader.FindOrder(text) ?? throw uri.Error($"word-order: '{text}' is not known; ABCD, CDAB, BADC or DCBA is right");
        return profile.WithWordOrder(order);
    }

    private static (string Device, byte Unit) PlaceOf(MeterUri uri)
    {
        var slash = uri.Path.LastIndexOf('/');
        var text = slash >= 0 ? uri.Path[(slash + 1)..] : "";
        var highest = uri.Scheme == Tcp ? 255 : 247;
        var lowest = uri.Scheme == Tcp ? 0 : 1;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var unit) || unit < lowest || unit > highest)
            throw uri.Error($"the unit is missing or wrong: the address ends with a number from {lowest} to {highest}, as in {Example(uri.Scheme)}");
        var device = uri.Path[..slash];
        if (uri.Scheme == Rtu ? device.Length == 0 || uri.Host.Length > 0 : device.Length > 0 || uri.Host.Length == 0)
            throw uri.Error($"the address is not of the form {Example(uri.Scheme)}");
        return (device, (byte)unit);
    }

    private static (string Key, ModbusBusSettings Settings) BusOf(
        MeterUri uri, string device, ProfileTransport transport, MeterProfile profile, MeterEnvironment environment)
    {
        if (uri.Scheme == Rtu)
        {
            var line = SerialSettings.FromUri(uri, transport.Line ?? new SerialSettings());
            return ($"{Rtu} {device}", new ModbusBusSettings(
                device, new RtuCodec(), line, Paces: true, _ => ValueTask.FromResult(SerialLink.Open(device, line))));
        }

        var port = uri.Port ?? transport.Port ?? throw uri.Error($"the port is missing; write {Example(uri.Scheme)}");
        var name = string.Create(CultureInfo.InvariantCulture, $"{uri.Host}:{port}");
        // How fast the line behind a gateway is, only the gateway knows: the meter's own default is the best guess for its deadline.
        var behind = uri.Scheme == RtuTcp ? profile.Transport(Rtu)?.Line ?? new SerialSettings() : null;
        FrameCodec codec = uri.Scheme == RtuTcp ? new RtuCodec() : new TcpCodec();
        return ($"{uri.Scheme} {name}", new ModbusBusSettings(
            name, codec, behind, Paces: false, token => TcpLink.ConnectAsync(uri.Host, port, ConnectTimeout, environment.Time, token)));
    }

    private static string Example(string scheme) => scheme switch
    {
        Rtu => "modbus-rtu:///dev/ttyUSB0/1?model=eastron-sdm630",
        RtuTcp => "modbus-rtu-tcp://10.0.0.20:4001/1?model=eastron-sdm630",
        _ => "modbus-tcp://10.0.0.20:502/1?model=janitza-umg96rm",
    };
}
