namespace MeterLab.MeterDrivers.Hwmon;

/// <summary>What the kernel's two drivers of these chips have in common, in the chips' own registers (data sheets; Linux drivers/hwmon/ina2xx.c, drivers/iio/adc/ina2xx-adc.c).</summary>
/// <param name="ShuntStep">V a step of the shunt voltage.</param>
/// <param name="BusStep">V a step of the bus voltage.</param>
/// <param name="PowerRatio">Watts a step of power over amperes a step of current.</param>
/// <param name="FixedCalibration">The CALIBRATION at which a step of current is a step of the shunt voltage.</param>
/// <param name="CalibrationStep">The step of CALIBRATION: 2 where its bit 0 is void.</param>
/// <param name="FullScale">Where the shunt voltage stands at the end of its scale, in steps, at the widest range.</param>
/// <param name="DefaultSeconds">Time between new values with the hwmon driver's settings, s.</param>
internal sealed record KernelChip(double ShuntStep, double BusStep, int PowerRatio, int FixedCalibration, int CalibrationStep, int FullScale, double DefaultSeconds)
{
    private static readonly KernelChip Ina219 = new(10e-6, 4e-3, 20, 4096, 2, 32000, 2 * 532e-6);
    private static readonly KernelChip Ina226 = new(2.5e-6, 1.25e-3, 25, 2048, 1, 32767, 16 * 2 * 1100e-6);

    /// <summary>The chip of a driver's name; null for any other device.</summary>
    internal static KernelChip? Of(string name) => name switch
    {
        "ina219" or "ina220" => Ina219,
        "ina226" or "ina230" or "ina231" => Ina226,
        _ => null,
    };
}
