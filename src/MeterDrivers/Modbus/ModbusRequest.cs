using System.Buffers.Binary;

namespace MeterLab.MeterDrivers.Modbus;

/// <summary>The function codes that MeterLab uses (Modbus Application Protocol 1.1b3, section 6).</summary>
internal enum ModbusFunction : byte
{
    /// <summary>FC 3</summary>
    ReadHoldingRegisters = 3,

    /// <summary>FC 4</summary>
    ReadInputRegisters = 4,

    /// <summary>FC 6</summary>
    WriteSingleRegister = 6,

    /// <summary>FC 16</summary>
    WriteMultipleRegisters = 16,
}

/// <summary>What one request asks of one unit; also the place that errors name.</summary>
/// <param name="Unit">The unit on the bus.</param>
/// <param name="Function">What to do.</param>
/// <param name="Address">The first register, as on the wire.</param>
/// <param name="Count">How many registers.</param>
internal readonly record struct ModbusRequest(byte Unit, ModbusFunction Function, ushort Address, ushort Count)
{
    /// <summary>The longest protocol data unit, bytes (section 4.1 of the application protocol).</summary>
    public const int MaxPdu = 253;

    /// <summary>The most registers that FC 3 and 4 read at once.</summary>
    public const int MaxRead = 125;

    /// <summary>The most registers that FC 16 writes at once.</summary>
    public const int MaxWrite = 123;

    /// <summary>The length of the answer's protocol data unit, bytes.</summary>
    public int ReplyLength => IsRead ? 2 + 2 * Count : 5;

    private bool IsRead => Function is ModbusFunction.ReadHoldingRegisters or ModbusFunction.ReadInputRegisters;

    /// <summary>Puts the request into a protocol data unit and returns its length; <paramref name="values"/> are what a write carries.</summary>
    public int Encode(ReadOnlySpan<ushort> values, Span<byte> pdu)
    {
        pdu[0] = (byte)Function;
        BinaryPrimitives.WriteUInt16BigEndian(pdu[1..], Address);
        if (Function == ModbusFunction.WriteSingleRegister)
        {
            BinaryPrimitives.WriteUInt16BigEndian(pdu[3..], values[0]);
            return 5;
        }

        BinaryPrimitives.WriteUInt16BigEndian(pdu[3..], Count);
        if (IsRead)
            return 5;
        pdu[5] = (byte)(2 * values.Length);
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteUInt16BigEndian(pdu[(6 + 2 * i)..], values[i]);
        return 6 + 2 * values.Length;
    }

    /// <summary>Whether a protocol data unit has the shape of this request's answer, or of a refusal of it.</summary>
    public bool IsAnsweredBy(byte unit, ReadOnlySpan<byte> pdu) =>
        unit == Unit && (pdu.Length == 2 ? pdu[0] == ((byte)Function | 0x80) : pdu.Length == ReplyLength && pdu[0] == (byte)Function);

    /// <summary>
    /// Checks an answer that came over <paramref name="bus"/> and copies the registers that a read brought. Throws <see cref="MeterException"/> for an exception
    /// reply, a wrong function and a wrong length.
    /// </summary>
    public void Decode(string bus, ReadOnlySpan<byte> reply, ReadOnlySpan<byte> sent, Span<ushort> registers)
    {
        if (reply.Length == 2 && reply[0] == ((byte)Function | 0x80))
            throw new MeterException(MeterFailure.Refused, $"{bus}, {this}: refused with exception {reply[1]}, {Words(reply[1])}.") { Code = reply[1] };
        if (reply.Length == 0 || reply[0] != (byte)Function)
        {
            var found = reply.Length == 0 ? "nothing" : $"function {reply[0]}";
            throw new MeterException(MeterFailure.Protocol, $"{bus}, {this}: function {(byte)Function} was asked, {found} came back.");
        }

        if (reply.Length != ReplyLength || (IsRead && reply[1] != 2 * Count))
            throw new MeterException(MeterFailure.Protocol, $"{bus}, {this}: {ReplyLength} bytes were due, {reply.Length} came back. Does this model serve so many registers at once?");
        if (!IsRead)
        {
            if (!reply[..5].SequenceEqual(sent[..5]))
                throw new MeterException(MeterFailure.Protocol, $"{bus}, {this}: the write was acknowledged with another address or value.");
            return;
        }

        for (var i = 0; i < Count; i++)
            registers[i] = BinaryPrimitives.ReadUInt16BigEndian(reply[(2 + 2 * i)..]);
    }

    /// <summary><c>unit 1, input registers 0x0034 to 0x0035</c>.</summary>
    public override string ToString()
    {
        var table = Function == ModbusFunction.ReadInputRegisters ? "input" : "holding";
        var verb = IsRead ? "" : "writing ";
        return Count == 1
            ? $"unit {Unit}, {verb}{table} register 0x{Address:X4}"
            : $"unit {Unit}, {verb}{table} registers 0x{Address:X4} to 0x{Address + Count - 1:X4}";
    }

    // Section 7 of the application protocol, with what to do about it.
    private static string Words(byte code) => code switch
    {
        1 => "illegal function: this model does not serve this table",
        2 => "illegal data address: this model has no such register. Is the model in the address right?",
        3 => "illegal data value: it does not accept this count or value",
        4 => "device failure",
        5 => "acknowledged, still working",
        6 => "busy: ask again later",
        8 => "memory parity error",
        10 => "the gateway has no path to this unit. Is the unit number right?",
        11 => "the gateway got no answer from this unit. Is the unit number right, and the meter on?",
        _ => "a code that the protocol does not name",
    };
}
