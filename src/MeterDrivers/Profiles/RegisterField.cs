using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers.Profiles;

/// <summary>Which table of a Modbus device a register is in.</summary>
public enum RegisterTable
{
    /// <summary>holding registers, function 3</summary>
    Holding = 3,

    /// <summary>input registers, function 4</summary>
    Input = 4,
}

/// <summary>One value of a meter's register map.</summary>
public sealed record RegisterField
{
    /// <summary>total, l1, outlet-3 …</summary>
    public required string Channel { get; init; }

    /// <summary>What it measures.</summary>
    public required Quantity Quantity { get; init; }

    /// <summary>Holding or input registers.</summary>
    public required RegisterTable Table { get; init; }

    /// <summary>The first register's address as it goes over the wire, counted from 0.</summary>
    public required ushort Address { get; init; }

    /// <summary>Type and word order.</summary>
    public required RegisterEncoding Encoding { get; init; }

    /// <summary>The unit of the registers as the maker states it, for messages: <c>kWh</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>What one count (or the float 1) is in the quantity's SI unit: 3.6e6 for a float in kWh.</summary>
    public required double SiPerCount { get; init; }

    /// <summary>Codes that mean "no value".</summary>
    public IReadOnlyList<long> NotAvailable { get; init; } = [];

    /// <summary>For an energy register: where it starts again at zero, in the SI unit; null where nobody knows.</summary>
    public double? Wrap { get; init; }

    /// <summary>The address behind its last register.</summary>
    public int End => Address + Encoding.Registers;

    /// <summary>How a code of this field becomes a value.</summary>
    public RawScale Scale => Encoding.Scale(SiPerCount);

    /// <summary>What a code of this field tells of itself.</summary>
    public SampleFlags FlagsOf(long code)
    {
        for (var i = 0; i < NotAvailable.Count; i++)
        {
            if (NotAvailable[i] == code)
                return SampleFlags.NotAvailable;
        }

        return Encoding.FlagsOf(code);
    }

    /// <summary><c>total active-power (input register 0x0034)</c>.</summary>
    public override string ToString() =>
        $"{Channel} {QuantityNames.NameOf(Quantity)} ({(Table == RegisterTable.Input ? "input" : "holding")} register 0x{Address:X4})";
}
