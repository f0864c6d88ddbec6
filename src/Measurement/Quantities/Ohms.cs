using System.Globalization;

using NodaTime;

namespace MeterLab.Measurement.Quantities;

/// <summary>Resistance in ohms (SI). The default value is zero; ordering and equality are those of the number.</summary>
public readonly record struct Ohms(double Value) : IComparable<Ohms>
{
    /// <summary>Zero ohms.</summary>
    public static Ohms Zero => default;

    public static Ohms operator +(Ohms left, Ohms right) => new(left.Value + right.Value);

    public static Ohms operator -(Ohms left, Ohms right) => new(left.Value - right.Value);

    public static Ohms operator -(Ohms value) => new(-value.Value);

    public static Ohms operator *(Ohms value, double factor) => new(value.Value * factor);

    public static Ohms operator *(double factor, Ohms value) => new(value.Value * factor);

    public static Ohms operator /(Ohms value, double divisor) => new(value.Value / divisor);

    /// <summary>The ratio of two values of the same quantity.</summary>
    public static double operator /(Ohms left, Ohms right) => left.Value / right.Value;

    public static bool operator <(Ohms left, Ohms right) => left.Value < right.Value;

    public static bool operator >(Ohms left, Ohms right) => left.Value > right.Value;

    public static bool operator <=(Ohms left, Ohms right) => left.Value <= right.Value;

    public static bool operator >=(Ohms left, Ohms right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public int CompareTo(Ohms other) => Value.CompareTo(other.Value);

    /// <summary>The number with its unit, in the invariant culture.</summary>
    public override string ToString() => Value.ToString("G6", CultureInfo.InvariantCulture) + " ohm";
}
