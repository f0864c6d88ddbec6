using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Modbus;

/// <summary>One block to read, with room for what comes, made once and read again and again.</summary>
/// <param name="table">Holding or input.</param>
/// <param name="address">The first register.</param>
/// <param name="count">How many, 1 to 125.</param>
internal sealed class ModbusRead(RegisterTable table, ushort address, int count)
{
    private readonly ushort[] _registers = new ushort[count];

    /// <summary>Holding or input.</summary>
    public RegisterTable Table => table;

    /// <summary>The first register.</summary>
    public ushort Address => address;

    /// <summary>What was read last.</summary>
    public Span<ushort> Registers => _registers;

    /// <summary>The bracket of the last reading.</summary>
    public ExchangeTimes Times { get; set; }
}
