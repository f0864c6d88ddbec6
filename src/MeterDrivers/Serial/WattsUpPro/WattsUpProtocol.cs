using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Fields;
using MeterLab.MeterDrivers.Serial.Telegrams;

namespace MeterLab.MeterDrivers.Serial.WattsUpPro;

/// <summary>A Watts up? PRO, .NET or ES that logs to the outside once a second.</summary>
internal sealed class WattsUpProtocol : TelegramProtocol
{
    /// <summary>Its model name.</summary>
    internal const string Model = "watts-up-pro";

    private const string StartLogging = "#L,W,3,E,,1;";
    private const string StopLogging = "#L,R,0;";
    private const string ReadHeader = "#H,R,0;";

    /// <summary>What is published: +/- (1.5 % + 3 counts of 0.1 W).</summary>
    internal static readonly MeterFacts Sheet = new()
    {
        Model = Model,
        Vendor = "Electronic Educational Devices",
        Transports = ["serial"],
        Quantities = [Quantity.Voltage, Quantity.Current, Quantity.ActivePower, Quantity.ApparentPower, Quantity.PowerFactor, Quantity.Frequency, Quantity.EnergyImport],
        Accuracy = new Dictionary<Quantity, AccuracyLimit> { [Quantity.ActivePower] = new() { ReadingPercent = 1.5, Absolute = 0.3 } },
        Resolution = new Dictionary<Quantity, double>
        {
            [Quantity.ActivePower] = 0.1,
            [Quantity.Voltage] = 0.1,
            [Quantity.Current] = 0.001,
            [Quantity.EnergyImport] = 360,
        },
        Response = new MeterResponse(1, 1, 0),
        FactsMark = 1,
        Source = "vendor sheet (accuracy, one source); text protocol as four programs have it",
    };

    /// <inheritdoc/>
    public override MeterFacts Facts => Sheet;

    /// <inheritdoc/>
    public override IReadOnlyList<MeasuredField> Fields { get; } =
    [
        new("total", Quantity.ActivePower, new Float64Scale(0.1), 0),
        new("total", Quantity.Voltage, new Float64Scale(0.1), 1),
        new("total", Quantity.Current, new Float64Scale(0.001), 2),
        new("total", Quantity.EnergyImport, new Float64Scale(360), 3),
        new("total", Quantity.PowerFactor, new Float64Scale(0.01), 13),
        new("total", Quantity.Frequency, new Float64Scale(0.1), 16),
        new("total", Quantity.ApparentPower, new Float64Scale(0.1), 17),
    ];

    /// <inheritdoc/>
    public override TimeSpan Silence { get; } = TimeSpan.FromSeconds(4);

    /// <inheritdoc/>
    public override ITelegramDecoder CreateDecoder() => new WattsUpDecoder();

    /// <inheritdoc/>
    public override async Task<MeterIdentity> StartAsync(TelegramPort port, CancellationToken cancellationToken)
    {
        await port.WriteAsync(StopLogging, cancellationToken).ConfigureAwait(false);
        await port.DrainAsync(cancellationToken).ConfigureAwait(false);
        var header = await port.AskAsync(ReadHeader, '#', ';', "h,", cancellationToken).ConfigureAwait(false);
        // The order of the fields is the firmware's: another order would make amperes of volts.
        if (!header.StartsWith("h,-,18,W,V,A,WH,", StringComparison.OrdinalIgnoreCase))
        {
            throw new MeterException(
                MeterFailure.WrongDevice, $"{port.Name}: this is no Watts up? PRO as MeterLab knows it: its fields are '{header}', where h,-,18,W,V,A,WH,... is right.");
        }

        await port.WriteAsync(StartLogging, cancellationToken).ConfigureAwait(false);
        return new MeterIdentity(Sheet.Vendor, Model);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(TelegramPort port, CancellationToken cancellationToken) =>
        await port.WriteAsync(StopLogging, cancellationToken).ConfigureAwait(false);
}
