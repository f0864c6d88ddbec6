using MeterLab.Measurement.Meters;
using MeterLab.MeterDrivers.Links;
using MeterLab.MeterDrivers.Serial.Telegrams;

namespace MeterLab.MeterDrivers.Serial.PowerSpy2;

/// <summary>Opens <c>serial:///dev/rfcomm0?model=powerspy2</c>. Option: periods=N, mains periods in one mean (50).</summary>
internal sealed class PowerSpyOpener : TelegramOpener
{
    private const int DefaultPeriods = 50;

    /// <inheritdoc/>
    protected override SerialSettings Line { get; } = new(115200);

    /// <inheritdoc/>
    protected override string[] Options => ["periods"];

    /// <inheritdoc/>
    public override IReadOnlyList<MeterFacts> Models(MeterEnvironment environment) => [PowerSpyProtocol.Sheet(1)];

    /// <inheritdoc/>
    protected override TelegramProtocol Protocol(MeterUri uri) => new PowerSpyProtocol(uri.WholeNumber("periods", DefaultPeriods, 1, ushort.MaxValue));
}
