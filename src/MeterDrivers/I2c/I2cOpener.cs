using System.Globalization;

using MeterLab.Measurement.Meters;
using MeterLab.MeterDrivers.Scanning;

namespace MeterLab.MeterDrivers.I2c;

/// <summary>
/// Opens shunt monitors on I2C: <c>i2c://1/0x40?model=ina226&amp;shunt=2mohm&amp;max-current=20A</c>. Which further options
/// a model knows: README. One opener shares its buses between the meters that it opened.
/// </summary>
public sealed class I2cOpener : IMeterScanner
{
    private readonly I2cBusPool _buses = new();

    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; } = ["i2c"];

    /// <inheritdoc/>
    public IReadOnlyList<MeterFacts> Models(MeterEnvironment environment) => [.. ShuntChips.All.Select(chip => chip.Facts())];

    /// <inheritdoc/>
    public Task<IMeter> OpenAsync(MeterUri uri, string name, MeterEnvironment environment, CancellationToken cancellationToken) =>
        OpenAsync(uri, name, environment, (meter, token) => meter.StartAsync(token), cancellationToken);

    /// <inheritdoc/>
    public Task<IMeter> OpenAsItIsAsync(MeterUri uri, string name, MeterEnvironment environment, CancellationToken cancellationToken) =>
        OpenAsync(uri, name, environment, (meter, token) => meter.IdentifyAsync(token), cancellationToken);

    private async Task<IMeter> OpenAsync(
        MeterUri uri, string name, MeterEnvironment environment, Func<ShuntMonitor, CancellationToken, Task> start, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(uri);
        ArgumentNullException.ThrowIfNull(environment);
        var chip = ChipOf(uri);
        uri.AllowOptions(OptionsOf(chip));
        var bus = BusOf(uri);
        var address = AddressOf(uri);
        var create = chip.Prepare(uri, new MeterContext(name, environment));
        var meter = create(_buses.Open(environment, bus, address, chip.LittleEndian));
        return await Opening.StartAsync(meter, start, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<ScanReport> ScanAsync(ScanRequest request, MeterEnvironment environment, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(environment);
        request.Place.AllowOptions();
        if (request.Place.Path is not ("" or "/"))
            throw request.Place.Error("a bus is wanted here, without a chip's address: i2c://1");
        return new I2cScanner(_buses, request, environment, BusOf(request.Place)).RunAsync(progress, cancellationToken);
    }

    /// <summary>
    /// The data sheet of a chip behind the shunt of these address options, without a chip at hand; null where the model is none of these.
    /// Throws <see cref="Measurement.ConfigurationException"/> for an option that is wrong or missing; bus-voltage is needed, as there is no rail to read it from.
    /// </summary>
    internal static MeterFacts? FactsOf(string model, string options, MeterEnvironment environment)
    {
        if (ShuntChips.All.FirstOrDefault(known => known.Model == model) is not { } chip)
            return null;
        var uri = MeterUri.Parse($"i2c://0/0x40?model={model}&{options}");
        uri.AllowOptions(OptionsOf(chip));
        var create = chip.Prepare(uri, new MeterContext(model, environment));
        return uri.Option("bus-voltage") is not null
            ? create(I2cRegisters.Absent(chip.LittleEndian)).FactsBehindShunt()
            : throw uri.Error("the option 'bus-voltage' is missing; without the rail at hand write for instance bus-voltage=12V");
    }

    private static string[] OptionsOf(ShuntChip chip) => [.. ShuntSettings.CommonOptions, .. chip.Options];

    private static ShuntChip ChipOf(MeterUri uri)
    {
        var known = ShuntChips.All.Select(chip => chip.Model).ToArray();
        if (uri.Model is not { } model)
            throw uri.Error($"the option 'model' is missing; one of {string.Join(", ", known)} is right");
        return ShuntChips.All.FirstOrDefault(chip => chip.Model == model)
            ?? throw uri.Error($"'{model}' is no chip on I2C that MeterLab knows; {Configuration.Nearest.Suggest(model, known)}");
    }

    private static int BusOf(MeterUri uri) =>
        int.TryParse(uri.Host, NumberStyles.None, CultureInfo.InvariantCulture, out var bus) && uri is { Port: null, User: null }
            ? bus
            : throw uri.Error("the bus number is missing; write for instance i2c://1/0x40 for /dev/i2c-1");

    private static int AddressOf(MeterUri uri)
    {
        // Two address pins of four levels each: 0x40 to 0x4F.
        const int First = 0x40;
        const int Last = 0x4F;
        var path = uri.Path;
        return path.StartsWith("/0x", StringComparison.Ordinal)
            && int.TryParse(path.AsSpan(3), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var address)
            && address is >= First and <= Last
                ? address
                : throw uri.Error($"'{path}' is no address of a shunt monitor; 0x{First:x2} to 0x{Last:x2} is right, for instance i2c://1/0x40");
    }
}
