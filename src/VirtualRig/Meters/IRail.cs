using MeterLab.Measurement.Quantities;
using MeterLab.VirtualRig.World;

namespace MeterLab.VirtualRig.Meters;

/// <summary>What a shunt monitor is soldered to: the mean voltage and current of a window, host monotonic ns.</summary>
public interface IRail
{
    /// <summary>Means over [<paramref name="fromNs"/>, <paramref name="toNs"/>]; their product is the mean power.</summary>
    RailMean Mean(long fromNs, long toNs);
}

/// <summary>Volts at the load and amperes into it.</summary>
public readonly record struct RailMean(double Volts, double Amperes);

/// <summary>A rail that never changes: a bench supply and a resistor.</summary>
public sealed record ConstantRail(double Volts, double Amperes) : IRail
{
    /// <inheritdoc/>
    public RailMean Mean(long fromNs, long toNs) => new(Volts, Amperes);
}

/// <summary>A rail of the virtual machine: its true power at a voltage that droops a little under load.</summary>
public sealed class WorldRail(TruePower truth, Func<ScopeValues, double> share, double nominalVolts, double sourceOhms) : IRail
{
    /// <summary>A rail that carries a whole scope.</summary>
    public WorldRail(TruePower truth, Scope scope, double nominalVolts = 12.1, double sourceOhms = 0.006)
        : this(truth, values => values[scope], nominalVolts, sourceOhms)
    {
    }

    /// <inheritdoc/>
    public RailMean Mean(long fromNs, long toNs)
    {
        var watts = share(truth.Between(fromNs, toNs)) / ((toNs - fromNs) * 1e-9);
        var volts = nominalVolts - sourceOhms * watts / nominalVolts;
        return new RailMean(volts, watts / volts);
    }
}
