namespace MeterLab.VirtualRig.Wires;

/// <summary>The registers behind one Modbus unit. Answers 0, or the code of the exception with which it refuses.</summary>
internal interface IModbusUnit
{
    /// <summary>Reads holding (<paramref name="function"/> 3) or input (4) registers.</summary>
    byte Read(byte function, int address, Span<ushort> registers);

    /// <summary>Writes holding registers.</summary>
    byte Write(int address, ReadOnlySpan<ushort> registers);
}
