namespace MeterLab.MeterDrivers.I2c;

/// <summary>A register that a chip must hold while it is used.</summary>
/// <param name="Register">Pointer, or PMBus command.</param>
/// <param name="Value">What belongs in it.</param>
/// <param name="Mask">The bits that are compared; the others read as the chip likes.</param>
/// <param name="AlsoWrite">Bits that clear themselves, set only when something had to be written: the accumulators' reset.</param>
internal readonly record struct RegisterSetting(byte Register, ushort Value, ushort Mask = 0xFFFF, ushort AlsoWrite = 0);

/// <summary>
/// The integers that a chip is set to behind a shunt, and the steps that follow from them exactly: not from the current that was wished
/// for, but from the calibration that was really written.
/// </summary>
internal sealed record ShuntPlan
{
    /// <summary>What is soldered around the chip.</summary>
    internal required ShuntSettings Shunt { get; init; }

    /// <summary>The registers to hold, in the order of writing: the first is one that no reset leaves as it is here, the last one starts the conversion.</summary>
    internal required IReadOnlyList<RegisterSetting> Registers { get; init; }

    /// <summary>The chip's limits of error with these settings.</summary>
    internal required ShuntAccuracy Accuracy { get; init; }

    /// <summary>Whether the chip itself corrects for the shunt's temperature.</summary>
    internal bool Compensated { get; init; }

    /// <summary>Volts a step of the shunt voltage.</summary>
    internal required double ShuntStep { get; init; }

    /// <summary>Volts a step of the bus voltage.</summary>
    internal required double BusStep { get; init; }

    /// <summary>Amperes a step of CURRENT.</summary>
    internal required double CurrentStep { get; init; }

    /// <summary>Watts a step of POWER.</summary>
    internal required double PowerStep { get; init; }

    /// <summary>Joules a step of ENERGY; null where the chip has none.</summary>
    internal double? EnergyStep { get; init; }

    /// <summary>Coulombs a step of CHARGE.</summary>
    internal double ChargeStep { get; init; }

    /// <summary>Degrees Celsius a step of the die's temperature.</summary>
    internal double TemperatureStep { get; init; }

    /// <summary>How much coarser than its step the converter is, in steps: 16 where a 12-bit result stands in the upper bits.</summary>
    internal int Coarseness { get; init; } = 1;

    /// <summary>|CURRENT| where the converter stands at the end of its scale.</summary>
    internal required long CurrentLimit { get; init; }

    /// <summary>Typical time between two results, s: the length of the averaging window too.</summary>
    internal required double UpdateSeconds { get; init; }

    /// <summary>The longest that it may take, as a factor of the typical time; the shortest is taken as its inverse.</summary>
    internal required double SlowestClock { get; init; }

    /// <summary>Amperes between two currents that the chip can tell apart.</summary>
    internal double CurrentResolution => Math.Max(CurrentStep, Coarseness * ShuntStep / Shunt.Shunt.Value);
}
