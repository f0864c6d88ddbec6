using MeterLab.Measurement.Meters;
using MeterLab.MeterDrivers.Links;
using MeterLab.MeterDrivers.Serial.Telegrams;

namespace MeterLab.MeterDrivers.Serial.WattsUpPro;

/// <summary>Opens <c>serial:///dev/ttyUSB0?model=watts-up-pro</c>.</summary>
internal sealed class WattsUpOpener : TelegramOpener
{
    /// <inheritdoc/>
    protected override SerialSettings Line { get; } = new(115200);

    /// <inheritdoc/>
    public override IReadOnlyList<MeterFacts> Models(MeterEnvironment environment) => [WattsUpProtocol.Sheet];

    /// <inheritdoc/>
    protected override TelegramProtocol Protocol(MeterUri uri) => new WattsUpProtocol();
}
