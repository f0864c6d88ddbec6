namespace MeterLab.MeterDrivers.I2c;

/// <summary>Where a single-channel shunt monitor keeps its results. A field that is null does not exist in the model.</summary>
internal sealed record ChipMap
{
    /// <summary>Voltage between IN+ and IN-; null where the shunt is inside and only current is shown.</summary>
    internal ChipField? Shunt { get; init; }

    /// <summary>Bus voltage.</summary>
    internal required ChipField Bus { get; init; }

    /// <summary>Current, always signed.</summary>
    internal required ChipField Current { get; init; }

    /// <summary>Power, unsigned in every chip of the family: its sign is the current's.</summary>
    internal required ChipField Power { get; init; }

    /// <summary>Energy accumulator, unsigned.</summary>
    internal ChipField? Energy { get; init; }

    /// <summary>Charge accumulator, signed.</summary>
    internal ChipField? Charge { get; init; }

    /// <summary>Temperature of the die, signed.</summary>
    internal ChipField? Temperature { get; init; }

    /// <summary>The register with the flags below.</summary>
    internal required ChipField Status { get; init; }

    /// <summary>A conversion has ended; cleared by reading the status or the power. 0 where the sources know of no such flag.</summary>
    internal int Ready { get; init; }

    /// <summary>Current or power did not fit its register.</summary>
    internal int Overflow { get; init; }

    /// <summary>The energy accumulator wrapped; cleared by reading it.</summary>
    internal int EnergyOverflow { get; init; }

    /// <summary>The charge accumulator wrapped; cleared by reading it.</summary>
    internal int ChargeOverflow { get; init; }
}
