namespace MeterLab.MeterDrivers.Modbus;

/// <summary>CRC-16/MODBUS (Modbus over Serial Line 1.02, section 6.2.2): polynomial 0xA001 reflected, start 0xFFFF, sent low byte first.</summary>
internal static class Crc16
{
    private static readonly ushort[] Table = MakeTable();

    /// <summary>The checksum of these bytes; 0x4B37 for the digits 1 to 9.</summary>
    public static ushort Compute(ReadOnlySpan<byte> bytes)
    {
        ushort crc = 0xFFFF;
        foreach (var b in bytes)
            crc = (ushort)((crc >> 8) ^ Table[(byte)(crc ^ b)]);
        return crc;
    }

    private static ushort[] MakeTable()
    {
        var table = new ushort[256];
        for (var i = 0; i < table.Length; i++)
        {
            var crc = (ushort)i;
            for (var bit = 0; bit < 8; bit++)
                crc = (ushort)((crc & 1) != 0 ? (crc >> 1) ^ 0xA001 : crc >> 1);
            table[i] = crc;
        }

        return table;
    }
}
