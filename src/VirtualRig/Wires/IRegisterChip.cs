namespace MeterLab.VirtualRig.Wires;

/// <summary>A chip of registers behind one I2C address: a pointer byte, then big-endian bytes.</summary>
internal interface IRegisterChip
{
    /// <summary>Fills the buffer with a register's bytes, most significant first; what is beyond the register reads as ones.</summary>
    void Read(byte register, Span<byte> bytes);

    /// <summary>Writes a register of two bytes; a read-only one ignores it.</summary>
    void Write(byte register, ushort value);
}
