using System.Globalization;

using MeterLab.Measurement.Meters;
using MeterLab.MeterDrivers.Links;
using MeterLab.MeterDrivers.Profiles;
using MeterLab.MeterDrivers.Scanning;

namespace MeterLab.MeterDrivers.Modbus;

/// <summary>
/// Opens <c>modbus-tcp://HOST[:502]/UNIT?model=MODEL</c>, <c>modbus-rtu:///dev/ttyUSB0/UNIT?model=MODEL</c> and
/// <c>modbus-rtu-tcp://HOST:PORT/UNIT?model=MODEL</c>. Options: model (a name or a path), timeout, retries, in-flight, word-order,
/// wrong-settings; on a serial line also baud, parity, stop-bits, echo; and what the profile allows to be moved or counted. Meters
/// that one opener opens on one line or gateway share it. A SunSpec device's chain is walked while it is opened, which can throw
/// <see cref="MeterException"/>.
/// </summary>
public sealed class ModbusOpener : IMeterScanner
{
    private const string Tcp = "modbus-tcp";
    private const string Rtu = "modbus-rtu";
    private const string RtuTcp = "modbus-rtu-tcp";
    private const int ModbusTcpPort = 502;

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
        var profile = ModbusProfileVariant.Find(uri, environment, WireOptions(uri.Scheme));
        var transport = profile.Transport(uri.Scheme)
            ?? throw uri.Error($"{profile.Facts.Model} is not reached by {uri.Scheme}; it speaks {string.Join(", ", profile.Facts.Transports)}");
        var options = ModbusMeterOptions.From(uri, profile.Registers);
        var (device, unit) = PlaceOf(uri, profile.Registers.GeneralUnit);
        var lease = Join(uri, device, transport, profile.Transport(Rtu)?.Line, environment);
        try
        {
            await lease.Bus.EnsureOpenAsync(cancellationToken).ConfigureAwait(false);
            var client = new ModbusClient(lease.Bus, unit, options.Timeout, profile.Registers.MinimumGap, options.InFlight);
            if (profile.Registers.SunSpec is not null)
                profile = await SunSpecChain.ResolveAsync(profile, client, uri.ToString(), cancellationToken).ConfigureAwait(false);
            return new ModbusMeter(uri, name, profile, client, options, environment, lease);
        }
        catch
        {
            await lease.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<IMeter> OpenAsItIsAsync(MeterUri uri, string name, MeterEnvironment environment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return OpenAsync(uri.With(ModbusMeterOptions.WrongSettings, ModbusMeterOptions.Accept), name, environment, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ScanReport> ScanAsync(ScanRequest request, MeterEnvironment environment, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(environment);
        var place = request.Place;
        place.AllowOptions([.. WireOptions(place.Scheme)]);
        if (place.Scheme == Rtu ? place.Path.Length < 2 || place.Host.Length > 0 : place.Path.Length > 0 || place.Host.Length == 0)
            throw place.Error($"a line or a host is wanted here, without a unit: {Example(place.Scheme).Split('?')[0]} without its last part");
        var general = new ProfileTransport(place.Scheme, new SerialSettings(), place.Scheme == Tcp ? ModbusTcpPort : null);
        var lease = Join(place, place.Path, general, new SerialSettings(), environment);
        await using (lease.ConfigureAwait(false))
        {
            await lease.Bus.EnsureOpenAsync(cancellationToken).ConfigureAwait(false);
            return await new ModbusScanner(lease.Bus, request, environment).RunAsync(progress, cancellationToken).ConfigureAwait(false);
        }
    }

    private ModbusBusRegistry.Lease Join(MeterUri uri, string device, ProfileTransport transport, SerialSettings? behind, MeterEnvironment environment)
    {
        var (key, bus) = BusOf(uri, device, transport, behind, environment);
        return _buses.Join(key, bus, environment.Clock, environment.Time)
            ?? throw uri.Error($"another meter uses {bus.Name} already with other serial settings; meters on one line must agree, so write baud, parity, stop-bits and echo for each (here: {bus.Line!.Baud} Bd, {bus.Line.StopBits} stop bits, echo {(bus.Echo ? "on" : "off")})");
    }

    private static IReadOnlyList<string> WireOptions(string scheme) => scheme switch
    {
        Rtu => ["echo", "baud", "parity", "stop-bits"],
        RtuTcp => ["echo"],
        _ => [],
    };

    private static bool EchoOf(MeterUri uri) => uri.Option("echo") switch
    {
        null or "off" => false,
        "on" => true,
        var text => throw uri.Error($"echo: '{text}' is not known here; on or off is right"),
    };

    private static (string Device, byte Unit) PlaceOf(MeterUri uri, int? generalUnit)
    {
        var slash = uri.Path.LastIndexOf('/');
        var text = slash >= 0 ? uri.Path[(slash + 1)..] : "";
        var highest = uri.Scheme == Tcp ? 255 : 247;
        var lowest = uri.Scheme == Tcp ? 0 : 1;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var unit) || ((unit < lowest || unit > highest) && unit != generalUnit) || unit > 255)
            throw uri.Error($"the unit is missing or wrong: the address ends with a number from {lowest} to {highest}, as in {Example(uri.Scheme)}");
        var device = uri.Path[..slash];
        if (uri.Scheme == Rtu ? device.Length == 0 || uri.Host.Length > 0 : device.Length > 0 || uri.Host.Length == 0)
            throw uri.Error($"the address is not of the form {Example(uri.Scheme)}");
        return (device, (byte)unit);
    }

    private static (string Key, ModbusBusSettings Settings) BusOf(
        MeterUri uri, string device, ProfileTransport transport, SerialSettings? lineBehind, MeterEnvironment environment)
    {
        if (uri.Scheme == Rtu)
        {
            var line = SerialSettings.FromUri(uri, transport.Line ?? new SerialSettings());
            // Two names of one port (by-id and ttyUSB0) are one line; opened by name, so that it is found again under another number.
            return ($"{Rtu} {SerialHolder.Resolve(device)}", new ModbusBusSettings(
                device, new RtuCodec(), line, Paces: true, _ => ValueTask.FromResult(SerialLink.Open(device, line))) { Echo = EchoOf(uri) });
        }

        var port = uri.Port ?? transport.Port ?? throw uri.Error($"the port is missing; write {Example(uri.Scheme)}");
        var name = string.Create(CultureInfo.InvariantCulture, $"{uri.Host}:{port}");
        // How fast the line behind a gateway is, only the gateway knows: the meter's own default is the best guess for its deadline.
        var behind = uri.Scheme == RtuTcp ? lineBehind ?? new SerialSettings() : null;
        FrameCodec codec = uri.Scheme == RtuTcp ? new RtuCodec() : new TcpCodec();
        return ($"{uri.Scheme} {name}", new ModbusBusSettings(
            name, codec, behind, Paces: false, token => TcpLink.ConnectAsync(uri.Host, port, ConnectTimeout, environment.Time, token))
            {
                Echo = EchoOf(uri),
            });
    }

    private static string Example(string scheme) => scheme switch
    {
        Rtu => "modbus-rtu:///dev/ttyUSB0/1?model=eastron-sdm630",
        RtuTcp => "modbus-rtu-tcp://10.0.0.20:4001/1?model=eastron-sdm630",
        _ => "modbus-tcp://10.0.0.20:502/1?model=janitza-umg96rm",
    };
}
