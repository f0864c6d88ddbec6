using NodaTime;

using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers;

namespace MeterLab.Orchestrator.Rigs;

/// <summary>What a meter's figures are used for.</summary>
public enum MeterRole
{
    /// <summary>they are the reference that estimators are compared with</summary>
    Truth,

    /// <summary>a second meter in series: compared with the first, never added to it</summary>
    Check,
}

/// <summary>A calibration certificate of one specimen.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Date">The day of the calibration.</param>
/// <param name="Gain">True value divided by reading: readings are multiplied by it.</param>
/// <param name="Uncertainty">Expanded (k = 2) relative uncertainty of the gain: 0.0005 is 0.05 %.</param>
public sealed record MeterCertificate(string Number, LocalDate Date, double Gain, double Uncertainty);

/// <summary>One meter of a rig.</summary>
public sealed record RigMeter
{
    /// <summary>Its name in the rig: the first half of every <see cref="ChannelId"/>.</summary>
    public required string Name { get; init; }

    /// <summary>Its address.</summary>
    public required MeterUri Uri { get; init; }

    /// <summary>Time between polls; null takes the model's own.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>Primary over secondary current of an external transformer that the meter does not know of; 1 without one.</summary>
    public double CtRatio { get; init; } = 1;

    /// <summary>Limits of error that replace the model's, at the primary side of any transformer.</summary>
    public IReadOnlyDictionary<Quantity, AccuracyLimit> Accuracy { get; init; } = new Dictionary<Quantity, AccuracyLimit>();

    /// <summary>The specimen's calibration, if it has one.</summary>
    public MeterCertificate? Certificate { get; init; }

    /// <summary>The power that its range ends at, at the primary side, W; null where the rig file does not say.</summary>
    public double? RangeW { get; init; }

    /// <summary>Reference or check.</summary>
    public MeterRole Role { get; init; }

    /// <summary>
    /// What a trace of this meter means in this rig: the transformer's ratio and the certificate's gain multiply the scale, the
    /// resolution and the wrap; the certificate's uncertainty replaces the model's gain limit; limits in the rig file replace all.
    /// Codes are not touched.
    /// </summary>
    public TraceDescription Describe(TraceDescription trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var ratio = FollowsCurrent(trace.Quantity) ? CtRatio : 1;
        // A certificate states the gain of power and energy; voltage and current alone are not corrected by it.
        var certificate = IsPowerOrEnergy(trace.Quantity) ? Certificate : null;
        var factor = ratio * (certificate?.Gain ?? 1);
        return trace with
        {
            Scale = trace.Scale.Times(factor),
            Resolution = trace.Resolution * factor,
            Wrap = trace.Wrap * factor,
            Accuracy = Limit(trace.Quantity, trace.Accuracy, ratio, certificate),
        };
    }

    private AccuracyLimit? Limit(Quantity quantity, AccuracyLimit? ofModel, double ratio, MeterCertificate? certificate)
    {
        if (Accuracy.TryGetValue(quantity, out var stated))
            return stated;
        if (ofModel is null)
            return null;
        var limit = ofModel with { Range = ofModel.Range * ratio, Absolute = ofModel.Absolute * ratio };
        // A limit a stands for a / sqrt(3); the certificate's standard uncertainty is half its expanded one.
        return certificate is null ? limit : limit with { ReadingPercent = 100 * Math.Sqrt(3) * certificate.Uncertainty / 2 };
    }

    private static bool IsPowerOrEnergy(Quantity quantity) =>
        quantity is Quantity.ActivePower or Quantity.EnergyImport or Quantity.EnergyExport;

    private static bool FollowsCurrent(Quantity quantity) => quantity is Quantity.Current or Quantity.ActivePower
        or Quantity.ReactivePower or Quantity.ApparentPower or Quantity.EnergyImport or Quantity.EnergyExport
        or Quantity.ReactiveEnergy or Quantity.ApparentEnergy or Quantity.Charge;
}
