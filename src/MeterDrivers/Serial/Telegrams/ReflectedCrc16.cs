namespace MeterLab.MeterDrivers.Serial.Telegrams;

/// <summary>CRC sums of 16 bits that take the lowest bit first: ARC (0xA001 from 0) and X-25 (0x8408 from 0xFFFF, inverted).</summary>
internal sealed class ReflectedCrc16
{
    private readonly ushort[] _table = new ushort[256];
    private readonly ushort _first;
    private readonly ushort _last;

    private ReflectedCrc16(ushort polynomial, ushort first, ushort last)
    {
        (_first, _last) = (first, last);
        for (var i = 0; i < _table.Length; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
                value = (value & 1) != 0 ? (value >> 1) ^ polynomial : value >> 1;
            _table[i] = (ushort)value;
        }
    }

    /// <summary>CRC-16/ARC, of DSMR telegrams: 0xBB3D over "123456789".</summary>
    public static ReflectedCrc16 Arc { get; } = new(0xA001, 0, 0);

    /// <summary>CRC-16/X-25, of SML: 0x906E over "123456789".</summary>
    public static ReflectedCrc16 X25 { get; } = new(0x8408, 0xFFFF, 0xFFFF);

    /// <summary>The sum over these bytes.</summary>
    public ushort Compute(ReadOnlySpan<byte> bytes)
    {
        int sum = _first;
        foreach (var next in bytes)
            sum = (sum >> 8) ^ _table[(sum ^ next) & 0xFF];
        return (ushort)(sum ^ _last);
    }
}
