namespace MeterLab.MeterDrivers.I2c;

/// <summary>Where a number lies in a chip: <see cref="Bytes"/> bytes at a register, right-aligned by <see cref="Shift"/>.</summary>
/// <param name="Register">Pointer, or PMBus command.</param>
/// <param name="Bytes">2, 3 or 5.</param>
/// <param name="Signed">Two's complement over all its bytes; the shift keeps the sign.</param>
/// <param name="Shift">Bits below the number that are not part of it.</param>
internal readonly record struct ChipField(byte Register, int Bytes = 2, bool Signed = false, int Shift = 0)
{
    /// <summary>The number in register bytes that were put together as an unsigned one.</summary>
    internal long Decode(ulong raw)
    {
        var unused = 64 - 8 * Bytes;
        return Signed ? (long)(raw << unused) >> (unused + Shift) : (long)(raw >> Shift);
    }
}
