using MeterLab.Measurement.Meters;
using MeterLab.MeterDrivers.Fields;
using MeterLab.MeterDrivers.Links;
using MeterLab.MeterDrivers.Serial.Telegrams;

namespace MeterLab.MeterDrivers.Serial.Sml;

/// <summary>Opens <c>serial:///dev/ttyUSB0?model=sml</c>: the optical interface of German meters (eHZ, EDL21), which push a file every one to four seconds.</summary>
internal sealed class SmlOpener : TelegramOpener
{
    private static readonly MeterFacts Sheet = ObisValues.Sheet(
        "sml", "Smart Message Language 1.04 as read by libsml; class B of the meters (EN 50470-3); a file every 1 to 4 s, the fastest is assumed; power in steps of 0.1 to 1 W", 1, 1);

    /// <inheritdoc/>
    protected override SerialSettings Line { get; } = new(9600);

    /// <inheritdoc/>
    public override IReadOnlyList<MeterFacts> Models(MeterEnvironment environment) => [Sheet];

    /// <inheritdoc/>
    protected override TelegramProtocol Protocol(MeterUri uri) => new SmlProtocol();

    private sealed class SmlProtocol : TelegramProtocol
    {
        public override MeterFacts Facts => Sheet;

        public override IReadOnlyList<MeasuredField> Fields => ObisValues.Fields;

        public override TimeSpan Silence { get; } = TimeSpan.FromSeconds(10);

        public override ITelegramDecoder CreateDecoder() => new SmlDecoder();
    }
}
