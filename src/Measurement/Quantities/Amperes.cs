using System.Globalization;

using NodaTime;

namespace MeterLab.Measurement.Quantities;

/// <summary>Current in amperes (SI). The default value is zero; ordering and equality are those of the number.</summary>
public readonly record struct Amperes(double Value) : IComparable<Amperes>
{
    /// <summary>Zero amperes.</summary>
    public static Amperes Zero => default;

    public static Amperes operator +(Amperes left, Amperes right) => new(left.Value + right.Value);

    public static Amperes operator -(Amperes left, Amperes right) => new(left.Value - right.Value);

    public static Amperes operator -(Amperes value) => new(-value.Value);

    public static Amperes operator *(Amperes value, double factor) => new(value.Value * factor);

    public static Amperes operator *(double factor, Amperes value) => new(value.Value * factor);

    public static Amperes operator /(Amperes value, double divisor) => new(value.Value / divisor);

    /// <summary>The ratio of two values of the same quantity.</summary>
    public static double operator /(Amperes left, Amperes right) => left.Value / right.Value;

    public static bool operator <(Amperes left, Amperes right) => left.Value < right.Value;

    public static bool operator >(Amperes left, Amperes right) => left.Value > right.Value;

    public static bool operator <=(Amperes left, Amperes right) => left.Value <= right.Value;

    public static bool operator >=(Amperes left, Amperes right) => left.Value >= right.Value;

    /// <summary>Voltage across a resistance (Ohm).</summary>
    public static Volts operator *(Amperes current, Ohms resistance) => new(current.Value * resistance.Value);

    /// <inheritdoc/>
    public int CompareTo(Amperes other) => Value.CompareTo(other.Value);

    /// <summary>The number with its unit, in the invariant culture.</summary>
    public override string ToString() => Value.ToString("G6", CultureInfo.InvariantCulture) + " A";
}
