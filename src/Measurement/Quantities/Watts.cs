using System.Globalization;

using NodaTime;

namespace MeterLab.Measurement.Quantities;

/// <summary>Power in watts (SI). The default value is zero; ordering and equality are those of the number.</summary>
public readonly record struct Watts(double Value) : IComparable<Watts>
{
    /// <summary>Zero watts.</summary>
    public static Watts Zero => default;

    public static Watts operator +(Watts left, Watts right) => new(left.Value + right.Value);

    public static Watts operator -(Watts left, Watts right) => new(left.Value - right.Value);

    public static Watts operator -(Watts value) => new(-value.Value);

    public static Watts operator *(Watts value, double factor) => new(value.Value * factor);

    public static Watts operator *(double factor, Watts value) => new(value.Value * factor);

    public static Watts operator /(Watts value, double divisor) => new(value.Value / divisor);

    /// <summary>The ratio of two values of the same quantity.</summary>
    public static double operator /(Watts left, Watts right) => left.Value / right.Value;

    public static bool operator <(Watts left, Watts right) => left.Value < right.Value;

    public static bool operator >(Watts left, Watts right) => left.Value > right.Value;

    public static bool operator <=(Watts left, Watts right) => left.Value <= right.Value;

    public static bool operator >=(Watts left, Watts right) => left.Value >= right.Value;

    /// <summary>Energy at constant power.</summary>
    public static Joules operator *(Watts power, Duration time) => new(power.Value * time.TotalSeconds);

    /// <inheritdoc/>
    public int CompareTo(Watts other) => Value.CompareTo(other.Value);

    /// <summary>The number with its unit, in the invariant culture.</summary>
    public override string ToString() => Value.ToString("G6", CultureInfo.InvariantCulture) + " W";
}
