using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;

namespace MeterLab.MeterDrivers.Serial.PowerSensor3;

/// <summary>What is published about the PowerSensor3.</summary>
internal static class PowerSensor3Facts
{
    /// <summary>Its model name.</summary>
    internal const string Model = "powersensor3";

    // 84 MHz boards make a set in 57.1 us, 96 MHz boards in 50: the time stamps tell, this is only what to expect.
    private const double SetSeconds = 50e-6;

    /// <summary>The facts: 1 % calibrated against a load, 2 % as delivered; samples are means of <paramref name="average"/> sets.</summary>
    internal static MeterFacts Of(bool calibrated, int average) => new()
    {
        Model = Model,
        Vendor = "nlesc-recruit",
        Transports = ["serial"],
        Quantities = [Quantity.ActivePower, Quantity.Voltage, Quantity.Current],
        Accuracy = new Dictionary<Quantity, AccuracyLimit> { [Quantity.ActivePower] = new() { ReadingPercent = calibrated ? 1 : 2 } },
        Resolution = new Dictionary<Quantity, double> { [Quantity.ActivePower] = 0.3 },
        Response = new MeterResponse(average * SetSeconds, average * SetSeconds, 0) { AveragingKnown = true, DelayKnown = true },
        FactsMark = 1,
        Source = "nlesc-recruit/PowerSensor3, firmware and host 1.6.1; 1 % after calibration, 2 % without (option calibrated=true)",
    };
}

/// <summary>Options of the address.</summary>
/// <param name="Calibrated">Whether this device was calibrated against a known load.</param>
/// <param name="Average">Sets in one sample.</param>
/// <param name="Wanted">What its sensors must be configured as, by number, null for one that is left as it is; null where the address does not say.</param>
internal sealed record PowerSensor3Options(bool Calibrated, int Average, IReadOnlyList<WantedSensor?>? Wanted = null);
