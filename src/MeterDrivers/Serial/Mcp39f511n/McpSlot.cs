using System.Buffers.Binary;

namespace MeterLab.MeterDrivers.Serial.Mcp39f511n;

/// <summary>Where one value lies in the bytes that a poll reads; little endian.</summary>
/// <param name="Offset">The first byte.</param>
/// <param name="Bytes">2 or 4.</param>
/// <param name="Signed">Whether it is two's complement.</param>
internal readonly record struct McpSlot(int Offset, int Bytes, bool Signed = false)
{
    /// <summary>The value's count.</summary>
    public long Read(ReadOnlySpan<byte> data) => (Bytes, Signed) switch
    {
        (2, true) => BinaryPrimitives.ReadInt16LittleEndian(data[Offset..]),
        (2, false) => BinaryPrimitives.ReadUInt16LittleEndian(data[Offset..]),
        (_, true) => BinaryPrimitives.ReadInt32LittleEndian(data[Offset..]),
        _ => BinaryPrimitives.ReadUInt32LittleEndian(data[Offset..]),
    };
}
