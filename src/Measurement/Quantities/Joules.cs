using System.Globalization;

using NodaTime;

namespace MeterLab.Measurement.Quantities;

/// <summary>Energy in joules (SI). The default value is zero; ordering and equality are those of the number.</summary>
public readonly record struct Joules(double Value) : IComparable<Joules>
{
    /// <summary>Zero joules.</summary>
    public static Joules Zero => default;

    public static Joules operator +(Joules left, Joules right) => new(left.Value + right.Value);

    public static Joules operator -(Joules left, Joules right) => new(left.Value - right.Value);

    public static Joules operator -(Joules value) => new(-value.Value);

    public static Joules operator *(Joules value, double factor) => new(value.Value * factor);

    public static Joules operator *(double factor, Joules value) => new(value.Value * factor);

    public static Joules operator /(Joules value, double divisor) => new(value.Value / divisor);

    /// <summary>The ratio of two values of the same quantity.</summary>
    public static double operator /(Joules left, Joules right) => left.Value / right.Value;

    public static bool operator <(Joules left, Joules right) => left.Value < right.Value;

    public static bool operator >(Joules left, Joules right) => left.Value > right.Value;

    public static bool operator <=(Joules left, Joules right) => left.Value <= right.Value;

    public static bool operator >=(Joules left, Joules right) => left.Value >= right.Value;

    /// <summary>The mean power of an energy over a time.</summary>
    public static Watts operator /(Joules energy, Duration time) => new(energy.Value / time.TotalSeconds);

    /// <summary>Joules in one kilowatt-hour, exactly.</summary>
    public const double PerKilowattHour = 3.6e6;

    /// <inheritdoc/>
    public int CompareTo(Joules other) => Value.CompareTo(other.Value);

    /// <summary>The number with its unit, in the invariant culture.</summary>
    public override string ToString() => Value.ToString("G6", CultureInfo.InvariantCulture) + " J";
}
