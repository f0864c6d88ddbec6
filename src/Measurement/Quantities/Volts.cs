using System.Globalization;

using NodaTime;

namespace MeterLab.Measurement.Quantities;

/// <summary>Voltage in volts (SI). The default value is zero; ordering and equality are those of the number.</summary>
public readonly record struct Volts(double Value) : IComparable<Volts>
{
    /// <summary>Zero volts.</summary>
    public static Volts Zero => default;

    public static Volts operator +(Volts left, Volts right) => new(left.Value + right.Value);

    public static Volts operator -(Volts left, Volts right) => new(left.Value - right.Value);

    public static Volts operator -(Volts value) => new(-value.Value);

    public static Volts operator *(Volts value, double factor) => new(value.Value * factor);

    public static Volts operator *(double factor, Volts value) => new(value.Value * factor);

    public static Volts operator /(Volts value, double divisor) => new(value.Value / divisor);

    /// <summary>The ratio of two values of the same quantity.</summary>
    public static double operator /(Volts left, Volts right) => left.Value / right.Value;

    public static bool operator <(Volts left, Volts right) => left.Value < right.Value;

    public static bool operator >(Volts left, Volts right) => left.Value > right.Value;

    public static bool operator <=(Volts left, Volts right) => left.Value <= right.Value;

    public static bool operator >=(Volts left, Volts right) => left.Value >= right.Value;

    /// <summary>Power of a direct current.</summary>
    public static Watts operator *(Volts voltage, Amperes current) => new(voltage.Value * current.Value);

    /// <summary>Current through a resistance (Ohm).</summary>
    public static Amperes operator /(Volts voltage, Ohms resistance) => new(voltage.Value / resistance.Value);

    /// <inheritdoc/>
    public int CompareTo(Volts other) => Value.CompareTo(other.Value);

    /// <summary>The number with its unit, in the invariant culture.</summary>
    public override string ToString() => Value.ToString("G6", CultureInfo.InvariantCulture) + " V";
}
