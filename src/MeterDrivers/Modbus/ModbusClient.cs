using System.Runtime.CompilerServices;

using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Modbus;

/// <summary>
/// One unit on a bus, with NModbus' verbs; but reading into the caller's buffer, stamped, cancellable, and without allocation or
/// retries. Calls of one client do not overlap. All throw <see cref="LinkException"/>, <see cref="MeterException"/> and
/// <see cref="OperationCanceledException"/>.
/// </summary>
internal sealed class ModbusClient
{
    private readonly byte _unit;
    private readonly TimeSpan _timeout;
    private readonly TimeSpan _gap;
    private readonly ModbusTransaction[] _transactions;

    /// <summary>Creates a client.</summary>
    /// <param name="bus">The wire.</param>
    /// <param name="unit">The unit's number on it.</param>
    /// <param name="timeout">How long to wait for an answer.</param>
    /// <param name="gap">The shortest pause before a request.</param>
    /// <param name="inFlight">How many requests may be on their way at once; on a wire whose frames are not numbered it is always one.</param>
    public ModbusClient(ModbusBus bus, byte unit, TimeSpan timeout, TimeSpan gap, int inFlight = 1)
    {
        Statistics = new AcquisitionStatistics();
        Bus = bus;
        _unit = unit;
        _timeout = timeout;
        _gap = gap;
        _transactions = new ModbusTransaction[bus.NumbersFrames ? Math.Clamp(inFlight, 1, RegisterLimits.MostInFlight) : 1];
        for (var i = 0; i < _transactions.Length; i++)
            _transactions[i] = new ModbusTransaction();
    }

    /// <summary>The wire, which other units may share.</summary>
    public ModbusBus Bus { get; }

    /// <summary>Counts of this unit's exchanges; late answers are counted here, the rest by who retries.</summary>
    public AcquisitionStatistics Statistics { get; }

    /// <summary>FC 3: fills <paramref name="registers"/> (1 to 125) from <paramref name="startAddress"/>.</summary>
    public ValueTask<ExchangeTimes> ReadHoldingRegistersAsync(ushort startAddress, Memory<ushort> registers, CancellationToken cancellationToken) =>
        ReadAsync(ModbusFunction.ReadHoldingRegisters, startAddress, registers, cancellationToken);

    /// <summary>FC 4: fills <paramref name="registers"/> (1 to 125) from <paramref name="startAddress"/>.</summary>
    public ValueTask<ExchangeTimes> ReadInputRegistersAsync(ushort startAddress, Memory<ushort> registers, CancellationToken cancellationToken) =>
        ReadAsync(ModbusFunction.ReadInputRegisters, startAddress, registers, cancellationToken);

    /// <summary>FC 6.</summary>
    public async ValueTask<ExchangeTimes> WriteSingleRegisterAsync(ushort address, ushort value, CancellationToken cancellationToken) =>
        await ExchangeAsync(new ModbusRequest(_unit, ModbusFunction.WriteSingleRegister, address, 1), new[] { value }, default, cancellationToken)
            .ConfigureAwait(false);

    /// <summary>FC 16: writes 1 to 123 registers.</summary>
    public ValueTask<ExchangeTimes> WriteMultipleRegistersAsync(ushort startAddress, ReadOnlyMemory<ushort> registers, CancellationToken cancellationToken)
    {
        CheckCount(startAddress, registers.Length, ModbusRequest.MaxWrite);
        var request = new ModbusRequest(_unit, ModbusFunction.WriteMultipleRegisters, startAddress, (ushort)registers.Length);
        return ExchangeAsync(request, registers, default, cancellationToken);
    }

    /// <summary>Does all the reads, as many at once as the device takes; each gets its registers and its own bracket.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ReadAsync(ReadOnlyMemory<ModbusRead> reads, CancellationToken cancellationToken)
    {
        for (var done = 0; done < reads.Length;)
        {
            var count = Math.Min(_transactions.Length, reads.Length - done);
            Prepare(reads.Span.Slice(done, count));
            await Bus.ExchangeAsync(_transactions.AsMemory(0, count), _timeout, _gap, Statistics, cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < count; i++)
            {
                var read = reads.Span[done + i];
                _transactions[i].Decode(Bus.Name, read.Registers);
                read.Times = _transactions[i].Times;
            }

            done += count;
        }
    }

    private void Prepare(ReadOnlySpan<ModbusRead> reads)
    {
        for (var i = 0; i < reads.Length; i++)
        {
            var function = ModbusTransaction.FunctionOf(reads[i].Table);
            _transactions[i].Prepare(new ModbusRequest(_unit, function, reads[i].Address, (ushort)reads[i].Registers.Length), default);
        }
    }

    private ValueTask<ExchangeTimes> ReadAsync(
        ModbusFunction function, ushort startAddress, Memory<ushort> registers, CancellationToken cancellationToken)
    {
        CheckCount(startAddress, registers.Length, ModbusRequest.MaxRead);
        return ExchangeAsync(new ModbusRequest(_unit, function, startAddress, (ushort)registers.Length), default, registers, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ExchangeTimes> ExchangeAsync(
        ModbusRequest request, ReadOnlyMemory<ushort> values, Memory<ushort> registers, CancellationToken cancellationToken)
    {
        _transactions[0].Prepare(request, values.Span);
        await Bus.ExchangeAsync(_transactions.AsMemory(0, 1), _timeout, _gap, Statistics, cancellationToken).ConfigureAwait(false);
        _transactions[0].Decode(Bus.Name, registers.Span);
        return _transactions[0].Times;
    }

    private static void CheckCount(ushort startAddress, int count, int max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, max);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(startAddress + count, 65536);
    }
}
