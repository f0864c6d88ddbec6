using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.VirtualRig.Wires;

/// <summary>How a device puts a number into its registers. Written apart from the client's decoder, on purpose.</summary>
internal static class RegisterImage
{
    /// <summary>The bit pattern of a count (or a float): rounded to the nearest, and held at the end of the scale.</summary>
    public static ulong Bits(RegisterType type, double counts) => type switch
    {
        RegisterType.F32 => BitConverter.SingleToUInt32Bits((float)counts),
        RegisterType.F64 => BitConverter.DoubleToUInt64Bits(counts),
        RegisterType.U16 => (ulong)Math.Clamp(Math.Round(counts), 0, ushort.MaxValue),
        RegisterType.S16 => (ushort)(short)Math.Clamp(Math.Round(counts), short.MinValue, short.MaxValue),
        RegisterType.U32 => (ulong)Math.Clamp(Math.Round(counts), 0, uint.MaxValue),
        RegisterType.S32 => (uint)(int)Math.Clamp(Math.Round(counts), int.MinValue, int.MaxValue),
        RegisterType.U64 => (ulong)Math.Max(0, Math.Round(counts)),
        RegisterType.S64 => (ulong)(long)Math.Round(counts),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>Spreads a bit pattern over registers in the order of the wire.</summary>
    public static void Spread(ulong bits, WordOrder order, Span<ushort> registers)
    {
        for (var i = 0; i < registers.Length; i++)
        {
            var highestFirst = (ushort)(bits >> (16 * (registers.Length - 1 - i)));
            var place = order is WordOrder.Abcd or WordOrder.Badc ? i : registers.Length - 1 - i;
            registers[place] = order is WordOrder.Abcd or WordOrder.Cdab
                ? highestFirst
                : (ushort)((highestFirst << 8) | (highestFirst >> 8));
        }
    }
}
