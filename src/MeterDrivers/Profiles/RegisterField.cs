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
    // A scale factor that changes while a meter is recorded still fits a code with so many digits more than it had at first.
    private const int GuardDigits = 3;

    /// <summary>total, l1, outlet-3 …</summary>
    public required string Channel { get; init; }

    /// <summary>What it measures.</summary>
    public required Quantity Quantity { get; init; }

    /// <summary>Holding or input registers.</summary>
    public required RegisterTable Table { get; init; }

    /// <summary>The first register's address as it goes over the wire, counted from 0. In a SunSpec map: counted from the model's ID register.</summary>
    public required ushort Address { get; init; }

    /// <summary>Type and word order.</summary>
    public required RegisterEncoding Encoding { get; init; }

    /// <summary>The unit of the registers as the maker states it, for messages: <c>kWh</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>What one count (or the float 1) is in the quantity's SI unit: 3.6e6 for a float in kWh.</summary>
    public required double SiPerCount { get; init; }

    /// <summary>Codes that mean "no value", each from one to another, both included.</summary>
    public IReadOnlyList<(long From, long To)> NotAvailable { get; init; } = [];

    /// <summary>For an energy register: where it starts again at zero, in the SI unit; null where nobody knows.</summary>
    public double? Wrap { get; init; }

    /// <summary>Whether the meter serves it only to a request for nothing else.</summary>
    public bool Alone { get; init; }

    /// <summary>The address of a second value of the same type that is subtracted: meters that count both directions apart; null for none.</summary>
    public ushort? Minus { get; init; }

    /// <summary>The address of a signed register that holds the power of ten to multiply by (SunSpec's sunssf); null for none.</summary>
    public ushort? ScaleRegister { get; init; }

    /// <summary>What <see cref="ScaleRegister"/> held when the meter was opened.</summary>
    public int Exponent { get; init; }

    /// <summary>Whether a power factor comes as Schneider's four-quadrant code from -2 to 2.</summary>
    public bool Quadrants { get; init; }

    /// <summary>The series that it was written as, <c>outlet</c> for outlet-1, outlet-2 …; null where it stands alone.</summary>
    public RegisterSeries? Series { get; init; }

    /// <summary>The named base that its address counts from, which an address of a meter can move; null for none.</summary>
    public string? Base { get; init; }

    /// <summary>How well this register is supported, 0 to 2, where that differs from the map's mark.</summary>
    public int? FactsMark { get; init; }

    /// <summary>The address behind its last register.</summary>
    public int End => Address + Encoding.Registers;

    /// <summary>How a code of this field becomes a value.</summary>
    public RawScale Scale => Encoding.Scale(ScaleRegister is null ? SiPerCount : SiPerCount * Math.Pow(10, Exponent - GuardDigits));

    /// <summary>The step of an integer register in the SI unit; 0 for a float.</summary>
    public double Step => Encoding.IsFloat ? 0 : Math.Abs(SiPerCount) * (ScaleRegister is null ? 1 : Math.Pow(10, Exponent));

    /// <summary>What a code of this field tells of itself, before anything is done with it.</summary>
    public SampleFlags FlagsOf(long code)
    {
        for (var i = 0; i < NotAvailable.Count; i++)
        {
            if (code >= NotAvailable[i].From && code <= NotAvailable[i].To)
                return SampleFlags.NotAvailable;
        }

        return Encoding.FlagsOf(code);
    }

    /// <summary>
    /// The code on <see cref="Scale"/> of a register's code that the device scales by ten to this power. False where the result has no
    /// room, which no meter's value comes near.
    /// </summary>
    public bool TryScale(long code, int exponent, out long scaled)
    {
        scaled = code;
        var shift = exponent - Exponent + GuardDigits;
        for (; shift > 0; shift--)
        {
            if (scaled is > long.MaxValue / 10 or < long.MinValue / 10)
                return false;
            scaled *= 10;
        }

        for (; shift < 0 && scaled != 0; shift++)
            scaled /= 10;
        return true;
    }

    /// <summary><c>total active-power (input register 0x0034)</c>.</summary>
    public override string ToString() =>
        $"{Channel} {QuantityNames.NameOf(Quantity)} ({(Table == RegisterTable.Input ? "input" : "holding")} register 0x{Address:X4})";
}
