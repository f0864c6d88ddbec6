using System.Buffers.Binary;

using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers.Profiles;

/// <summary>What a group of 16-bit registers holds.</summary>
public enum RegisterType
{
    /// <summary>unsigned, one register</summary>
    U16,

    /// <summary>two's complement, one register</summary>
    S16,

    /// <summary>unsigned, two registers</summary>
    U32,

    /// <summary>two's complement, two registers</summary>
    S32,

    /// <summary>unsigned, four registers</summary>
    U64,

    /// <summary>two's complement, four registers</summary>
    S64,

    /// <summary>IEEE 754 single, two registers</summary>
    F32,

    /// <summary>IEEE 754 double, four registers</summary>
    F64,
}

/// <summary>
/// In which order the bytes of a value travel, named as libmodbus does by the places of the bytes A (highest) to D (lowest)
/// of a 32-bit value. Modbus itself fixes only that a word's high byte comes first.
/// </summary>
public enum WordOrder
{
    /// <summary>high word first, high byte first: what the Modbus specification suggests</summary>
    Abcd,

    /// <summary>low word first, high byte first</summary>
    Cdab,

    /// <summary>high word first, low byte first</summary>
    Badc,

    /// <summary>low word first, low byte first</summary>
    Dcba,
}

/// <summary>
/// How registers become a code and back. The code of an integer is its value; that of a float its bit pattern, which the trace's
/// <see cref="RawScale"/> turns into a number. The default value is an unsigned register.
/// </summary>
public readonly record struct RegisterEncoding(RegisterType Type, WordOrder Order = WordOrder.Abcd)
{
    /// <summary>How many registers a value takes: 1, 2 or 4.</summary>
    public int Registers => Type switch
    {
        RegisterType.U16 or RegisterType.S16 => 1,
        RegisterType.U32 or RegisterType.S32 or RegisterType.F32 => 2,
        _ => 4,
    };

    /// <summary>Whether it holds a floating-point number.</summary>
    public bool IsFloat => Type is RegisterType.F32 or RegisterType.F64;

    private bool LowWordFirst => Order is WordOrder.Cdab or WordOrder.Dcba;

    private bool LowByteFirst => Order is WordOrder.Badc or WordOrder.Dcba;

    /// <summary>The code that these registers hold, in the order in which they were read.</summary>
    public long Decode(ReadOnlySpan<ushort> registers)
    {
        var bits = 0UL;
        var count = Registers;
        for (var i = 0; i < count; i++)
        {
            var word = registers[LowWordFirst ? count - 1 - i : i];
            bits = (bits << 16) | (LowByteFirst ? BinaryPrimitives.ReverseEndianness(word) : word);
        }

        return FromBits(bits);
    }

    /// <summary>Puts a code into registers, the inverse of <see cref="Decode"/>; bits beyond the width are dropped.</summary>
    public void Encode(long code, Span<ushort> registers)
    {
        var bits = (ulong)code;
        var count = Registers;
        for (var i = count - 1; i >= 0; i--, bits >>= 16)
        {
            var word = (ushort)bits;
            registers[LowWordFirst ? count - 1 - i : i] = LowByteFirst ? BinaryPrimitives.ReverseEndianness(word) : word;
        }
    }

    /// <summary>The code of a bit pattern of this width: sign extended where the type has a sign.</summary>
    public long FromBits(ulong bits) => Type switch
    {
        RegisterType.U16 => (ushort)bits,
        RegisterType.S16 => (short)bits,
        RegisterType.U32 => (uint)bits,
        RegisterType.S32 or RegisterType.F32 => (int)bits,
        _ => (long)bits,
    };

    /// <summary>The scale of a trace of such codes, where one count (or the float 1) is <paramref name="factor"/> in the SI unit.</summary>
    public RawScale Scale(double factor) => Type switch
    {
        RegisterType.F32 => new Float32Scale(factor),
        RegisterType.F64 => new Float64Scale(factor),
        _ => new LinearScale(factor),
    };

    /// <summary>What a code tells of itself: NaN is no value, infinity and an unsigned value beyond 63 bits are overflows.</summary>
    public SampleFlags FlagsOf(long code)
    {
        var value = Type switch
        {
            RegisterType.F32 => BitConverter.Int32BitsToSingle((int)code),
            RegisterType.F64 => BitConverter.Int64BitsToDouble(code),
            RegisterType.U64 when code < 0 => double.PositiveInfinity,
            _ => 0,
        };
        return double.IsNaN(value) ? SampleFlags.NotAvailable
            : double.IsInfinity(value) ? SampleFlags.Overflow
            : SampleFlags.None;
    }
}
