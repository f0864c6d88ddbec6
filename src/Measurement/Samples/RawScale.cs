using System.Text.Json.Serialization;

namespace MeterLab.Measurement.Samples;

/// <summary>
/// How a raw code becomes a value in the SI unit of its quantity. A closed family, stored with the trace as JSON, so that
/// a recording explains itself years later.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(LinearScale), "linear")]
[JsonDerivedType(typeof(Float32Scale), "float32")]
[JsonDerivedType(typeof(Float64Scale), "float64")]
[JsonDerivedType(typeof(PairProductScale), "pair-product")]
public abstract record RawScale
{
    /// <summary>The value of a code, in SI units.</summary>
    public abstract double ToValue(long code);

    /// <summary>The same scale with every value multiplied (a current transformer's ratio, a certificate's gain).</summary>
    public abstract RawScale Times(double factor);
}

/// <summary>value = code x <paramref name="Scale"/> + <paramref name="Offset"/>: registers of integers.</summary>
public sealed record LinearScale(double Scale, double Offset = 0) : RawScale
{
    /// <inheritdoc/>
    public override double ToValue(long code) => code * Scale + Offset;

    /// <inheritdoc/>
    public override RawScale Times(double factor) => new LinearScale(Scale * factor, Offset * factor);
}

/// <summary>The code is the bit pattern of an IEEE 754 single; value = float x <paramref name="Scale"/>.</summary>
public sealed record Float32Scale(double Scale) : RawScale
{
    /// <inheritdoc/>
    public override double ToValue(long code) => BitConverter.Int32BitsToSingle((int)code) * Scale;

    /// <inheritdoc/>
    public override RawScale Times(double factor) => new Float32Scale(Scale * factor);
}

/// <summary>The code is the bit pattern of an IEEE 754 double; value = double x <paramref name="Scale"/>.</summary>
public sealed record Float64Scale(double Scale = 1) : RawScale
{
    /// <inheritdoc/>
    public override double ToValue(long code) => BitConverter.Int64BitsToDouble(code) * Scale;

    /// <inheritdoc/>
    public override RawScale Times(double factor) => new Float64Scale(Scale * factor);
}

/// <summary>
/// The code holds two readings of an analogue converter, current in the low <paramref name="Bits"/> bits and voltage in the next:
/// value = (current x CurrentScale + CurrentOffset) x (voltage x VoltageScale + VoltageOffset).
/// </summary>
public sealed record PairProductScale(
    double CurrentScale, double CurrentOffset, double VoltageScale, double VoltageOffset, int Bits) : RawScale
{
    /// <inheritdoc/>
    public override double ToValue(long code)
    {
        var mask = (1L << Bits) - 1;
        var current = (code & mask) * CurrentScale + CurrentOffset;
        var voltage = ((code >> Bits) & mask) * VoltageScale + VoltageOffset;
        return current * voltage;
    }

    /// <inheritdoc/>
    public override RawScale Times(double factor) =>
        this with { CurrentScale = CurrentScale * factor, CurrentOffset = CurrentOffset * factor };
}
