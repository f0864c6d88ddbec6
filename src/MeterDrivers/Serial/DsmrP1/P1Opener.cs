using MeterLab.Measurement.Meters;
using MeterLab.MeterDrivers.Fields;
using MeterLab.MeterDrivers.Links;
using MeterLab.MeterDrivers.Serial.Telegrams;

namespace MeterLab.MeterDrivers.Serial.DsmrP1;

/// <summary>
/// Opens <c>serial:///dev/ttyUSB0?model=dsmr-p1</c>. Option: sum=false for meters of version 2 and 3, whose telegrams have none (and whose lines are set to
/// <c>baud=9600&amp;parity=even&amp;data-bits=7</c>).
/// </summary>
internal sealed class P1Opener : TelegramOpener
{
    private static readonly MeterFacts Sheet = ObisValues.Sheet(
        "dsmr-p1", "DSMR P1 companion standard 5.0 as read by dsmr_parser; class B of the meters (EN 50470-3); a telegram a second, every 10 s up to version 4", 1, 1);

    /// <inheritdoc/>
    protected override SerialSettings Line { get; } = new(115200);

    /// <inheritdoc/>
    protected override string[] Options => ["sum"];

    /// <inheritdoc/>
    public override IReadOnlyList<MeterFacts> Models(MeterEnvironment environment) => [Sheet];

    /// <inheritdoc/>
    protected override TelegramProtocol Protocol(MeterUri uri) => new P1Protocol(ProfileUris.Switch(uri, "sum", otherwise: true));

    private sealed class P1Protocol(bool needsSum) : TelegramProtocol
    {
        public override MeterFacts Facts => Sheet;

        public override IReadOnlyList<MeasuredField> Fields => ObisValues.Fields;

        // Up to version 4 a telegram comes every ten seconds.
        public override TimeSpan Silence { get; } = TimeSpan.FromSeconds(12);

        public override ITelegramDecoder CreateDecoder() => new P1Decoder(needsSum);
    }
}
