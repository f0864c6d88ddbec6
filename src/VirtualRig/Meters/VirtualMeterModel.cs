using MeterLab.Measurement.Quantities;
using MeterLab.VirtualRig.World;

namespace MeterLab.VirtualRig.Meters;

/// <summary>
/// An instrument's arithmetic, apart from any wire. Value k is the mean of the true power over a window that ended <c>delay</c> before it
/// became readable, times the gain, plus offset and noise, rounded; it is held until value k + 1. Energy registers count the same power
/// without gaps and round down. A pure function of time: asking twice, or late, or from another thread gives the same answer.
/// </summary>
internal sealed class VirtualMeterModel(TruePower truth, Scope scope, Specimen specimen)
{
    private const double NominalVolts = 230;
    private const double PowerFactor = 0.96;
    private readonly long _beginNs = truth.BeginNs;

    /// <summary>Which update is shown at an instant (host monotonic, ns).</summary>
    public long UpdateAt(long nowNs) => FloorDivide(nowNs - _beginNs - specimen.PhaseNs, specimen.PeriodNs);

    /// <summary>
    /// What the meter shows at an instant, SI units. <paramref name="share"/> is the part of the load on the channel asked for: 1 where the
    /// machine is plugged in, 0 elsewhere.
    /// </summary>
    public double Value(Quantity quantity, double share, long nowNs)
    {
        var update = UpdateAt(nowNs);
        return quantity switch
        {
            Quantity.ActivePower => share * Power(update),
            Quantity.Voltage => Round(quantity, Volts(update)),
            Quantity.Current => Round(quantity, share * Power(update) / (Volts(update) * PowerFactor)),
            Quantity.ApparentPower => Round(quantity, share * Power(update) / PowerFactor),
            Quantity.ReactivePower => Round(quantity, share * Power(update) * ReactiveRatio),
            Quantity.PowerFactor => share > 0 ? PowerFactor : 1,
            Quantity.PhaseAngle => share > 0 ? Round(quantity, Math.Acos(PowerFactor) * 180 / Math.PI) : 0,
            Quantity.Frequency => Round(quantity, 50 + 0.01 * Noise.Normal(specimen.Seed ^ 2, update)),
            Quantity.Thd => 0.04,
            Quantity.EnergyImport => Energy(share, update),
            Quantity.ReactiveEnergy => Energy(share, update) * ReactiveRatio,
            Quantity.ApparentEnergy => Energy(share, update) / PowerFactor,
            Quantity.Temperature => 30,
            _ => 0,
        };
    }

    private static double ReactiveRatio => Math.Sqrt(1 - PowerFactor * PowerFactor) / PowerFactor;

    private double Power(long update)
    {
        var end = EndOfWindow(update);
        var mean = truth.MeanBetween(scope, end - specimen.AveragingNs, end).Value;
        var shown = mean * specimen.Gain + specimen.OffsetWatts + specimen.NoiseWatts * Noise.Normal(specimen.Seed, update);
        return specimen.PowerStepWatts > 0 ? Math.Round(shown / specimen.PowerStepWatts) * specimen.PowerStepWatts : shown;
    }

    private double Energy(double share, long update)
    {
        var end = Math.Max(_beginNs, EndOfWindow(update));
        var counted = truth.EnergyBetween(scope, _beginNs, end).Value * specimen.Gain + specimen.OffsetWatts * (end - _beginNs) * 1e-9;
        var register = share > 0 ? specimen.EnergyAtStartJoules + share * counted : 0;
        return specimen.EnergyStepJoules > 0 ? Math.Floor(register / specimen.EnergyStepJoules) * specimen.EnergyStepJoules : register;
    }

    private double Volts(long update) => NominalVolts + 0.3 * Noise.Normal(specimen.Seed ^ 1, update);

    /// <summary>When the window of an update ended, host monotonic ns.</summary>
    private long EndOfWindow(long update) => _beginNs + specimen.PhaseNs + update * specimen.PeriodNs - specimen.DelayNs;

    private double Round(Quantity quantity, double value)
    {
        var step = specimen.Resolution.GetValueOrDefault(quantity);
        return step > 0 ? Math.Round(value / step) * step : value;
    }

    private static long FloorDivide(long value, long by) => value >= 0 ? value / by : -((by - 1 - value) / by);
}
