using System.Runtime.CompilerServices;

namespace MeterLab.MeterDrivers.Modbus;

/// <summary>
/// One unit on a bus, with NModbus' verbs; but reading into the caller's buffer, stamped, cancellable, and without allocation or
/// retries. Calls of one client do not overlap. All throw <see cref="LinkException"/>, <see cref="MeterException"/> and
/// <see cref="OperationCanceledException"/>.
/// </summary>
/// <param name="bus">The wire.</param>
/// <param name="unit">The unit's number on it.</param>
/// <param name="timeout">How long to wait for an answer.</param>
/// <param name="gap">The shortest pause before a request.</param>
internal sealed class ModbusClient(ModbusBus bus, byte unit, TimeSpan timeout, TimeSpan gap)
{
    private readonly byte[] _request = new byte[ModbusRequest.MaxPdu];
    private readonly byte[] _reply = new byte[ModbusRequest.MaxPdu];

    /// <summary>The wire, which other units may share.</summary>
    public ModbusBus Bus => bus;

    /// <summary>FC 3: fills <paramref name="registers"/> (1 to 125) from <paramref name="startAddress"/>.</summary>
    public ValueTask<ExchangeTimes> ReadHoldingRegistersAsync(ushort startAddress, Memory<ushort> registers, CancellationToken cancellationToken) =>
        ReadAsync(ModbusFunction.ReadHoldingRegisters, startAddress, registers, cancellationToken);

    /// <summary>FC 4: fills <paramref name="registers"/> (1 to 125) from <paramref name="startAddress"/>.</summary>
    public ValueTask<ExchangeTimes> ReadInputRegistersAsync(ushort startAddress, Memory<ushort> registers, CancellationToken cancellationToken) =>
        ReadAsync(ModbusFunction.ReadInputRegisters, startAddress, registers, cancellationToken);

    /// <summary>FC 6.</summary>
    public async ValueTask<ExchangeTimes> WriteSingleRegisterAsync(ushort address, ushort value, CancellationToken cancellationToken) =>
        await ExchangeAsync(new ModbusRequest(unit, ModbusFunction.WriteSingleRegister, address, 1), new[] { value }, default, cancellationToken)
            .ConfigureAwait(false);

    /// <summary>FC 16: writes 1 to 123 registers.</summary>
    public ValueTask<ExchangeTimes> WriteMultipleRegistersAsync(ushort startAddress, ReadOnlyMemory<ushort> registers, CancellationToken cancellationToken)
    {
        CheckCount(startAddress, registers.Length, ModbusRequest.MaxWrite);
        var request = new ModbusRequest(unit, ModbusFunction.WriteMultipleRegisters, startAddress, (ushort)registers.Length);
        return ExchangeAsync(request, registers, default, cancellationToken);
    }

    private ValueTask<ExchangeTimes> ReadAsync(
        ModbusFunction function, ushort startAddress, Memory<ushort> registers, CancellationToken cancellationToken)
    {
        CheckCount(startAddress, registers.Length, ModbusRequest.MaxRead);
        return ExchangeAsync(new ModbusRequest(unit, function, startAddress, (ushort)registers.Length), default, registers, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ExchangeTimes> ExchangeAsync(
        ModbusRequest request, ReadOnlyMemory<ushort> values, Memory<ushort> registers, CancellationToken cancellationToken)
    {
        var length = request.Encode(values.Span, _request);
        var (times, replyLength) = await bus.ExchangeAsync(request, _request.AsMemory(0, length), _reply, timeout, gap, cancellationToken)
            .ConfigureAwait(false);
        request.Decode(bus.Name, _reply.AsSpan(0, replyLength), _request.AsSpan(0, length), registers.Span);
        return times;
    }

    private static void CheckCount(ushort startAddress, int count, int max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, max);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(startAddress + count, 65536);
    }
}
