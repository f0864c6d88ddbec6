namespace MeterLab.MeterDrivers.I2c;

/// <summary>
/// How a model of the family is told from the others, by reading alone. Some have a manufacturer's and a die's register, some only the
/// first, some none; those at least must not claim to be another model.
/// </summary>
/// <param name="Maker">The register that holds "TI"; null where the model has none.</param>
/// <param name="DieRegister">The register with the die's number in bits 15 to 4 and its revision below; null where the model has none.</param>
/// <param name="Die">The die's number; null where the model has none.</param>
/// <param name="Alike">Dies that have the same registers, so that taking one for the other makes no wrong watt.</param>
internal sealed record ChipIdentity(byte? Maker = null, byte? DieRegister = null, int? Die = null, params IReadOnlyList<int> Alike)
{
    /// <summary>"TI" in the manufacturer's register.</summary>
    internal const ushort TexasInstruments = 0x5449;

    private const byte LowMaker = 0x3E;
    private const byte LowDie = 0x3F;
    private const byte HighMaker = 0xFE;
    private const byte HighDie = 0xFF;

    // 228, 229, 238, 239 and 236 tell at 0x3F; 226, 260 and 3221 at 0xFF.
    private static readonly int[] LowDies = [0x228, 0x229, 0x238, 0x239, 0xA08];

    /// <summary>
    /// Reads what the chip says. <c>Problem</c> is null where it may be this model, and otherwise says what was found; <c>Certain</c>
    /// tells whether it named itself.
    /// </summary>
    internal (string? Problem, bool Certain, int? Revision) Check(I2cRegisters registers)
    {
        if (Maker is not { } makerRegister)
            return (Stranger(registers), false, null);
        var maker = registers.ReadUInt16(makerRegister);
        if (maker != TexasInstruments)
            return ($"manufacturer 0x{maker:X4}, where 0x{TexasInstruments:X4} belongs", false, null);
        if (DieRegister is { } dieRegister && Die is { } die)
        {
            var found = registers.ReadUInt16(dieRegister);
            return found >> 4 == die ? (null, true, found & 0xF) : ($"manufacturer 0x{maker:X4}, die 0x{found:X4}, where 0x{die:X3}x belongs", true, null);
        }

        // A model without a die's number: what names itself is another one.
        var other = registers.ReadUInt16(LowDie);
        return LowDies.Contains(other >> 4) ? ($"it says that it is die 0x{other:X4}, and this model says nothing", true, null) : (null, false, null);
    }

    private string? Stranger(I2cRegisters registers)
    {
        if (registers.ReadUInt16(LowMaker) == TexasInstruments)
            return $"it has a manufacturer's register at 0x{LowMaker:x2} (die 0x{registers.ReadUInt16(LowDie):X4}), and this model has none";
        if (registers.ReadUInt16(HighMaker) != TexasInstruments)
            return null;
        var die = registers.ReadUInt16(HighDie);
        return Alike.Contains(die >> 4) ? null : $"it has a manufacturer's register at 0x{HighMaker:x2} (die 0x{die:X4}), and this model has none";
    }
}
