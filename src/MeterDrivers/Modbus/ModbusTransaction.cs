using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Modbus;

/// <summary>
/// One request with room for its answer, used again and again: what a client hands to the bus, alone or several at a time.
/// </summary>
internal sealed class ModbusTransaction
{
    private readonly byte[] _pdu = new byte[ModbusRequest.MaxPdu];
    private readonly byte[] _reply = new byte[ModbusRequest.MaxPdu];
    private int _pduLength;
    private int _replyLength;

    /// <summary>What is asked.</summary>
    public ModbusRequest Request { get; private set; }

    /// <summary>The bracket of the answer that came.</summary>
    public ExchangeTimes Times { get; private set; }

    /// <summary>The request's protocol data unit.</summary>
    public ReadOnlySpan<byte> Pdu => _pdu.AsSpan(0, _pduLength);

    /// <summary>Whether its answer has come.</summary>
    public bool IsAnswered => _replyLength > 0;

    /// <summary>Prepares another request; <paramref name="values"/> are what a write carries.</summary>
    public void Prepare(ModbusRequest request, ReadOnlySpan<ushort> values)
    {
        Request = request;
        _pduLength = request.Encode(values, _pdu);
        _replyLength = 0;
    }

    /// <summary>Takes the answer's protocol data unit.</summary>
    public void Answer(ReadOnlySpan<byte> pdu, ExchangeTimes times)
    {
        pdu.CopyTo(_reply);
        _replyLength = pdu.Length;
        Times = times;
    }

    /// <summary>Forgets an answer, for another try.</summary>
    public void Reset() => _replyLength = 0;

    /// <summary>Checks the answer and copies its registers. Throws <see cref="MeterException"/> as <see cref="ModbusRequest.Decode"/> does.</summary>
    public void Decode(string bus, Span<ushort> registers) =>
        Request.Decode(bus, _reply.AsSpan(0, _replyLength), Pdu, registers);

    /// <summary>The function that reads a table.</summary>
    public static ModbusFunction FunctionOf(RegisterTable table) =>
        table == RegisterTable.Input ? ModbusFunction.ReadInputRegisters : ModbusFunction.ReadHoldingRegisters;
}
