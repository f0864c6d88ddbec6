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

/// <summary>Who states a meter's limits of error.</summary>
public enum AccuracySource
{
    /// <summary>nobody: they are not known</summary>
    Nobody,

    /// <summary>the model's data sheet</summary>
    Model,

    /// <summary>the certificate in the rig file says how well the gain is known, the data sheet the rest</summary>
    Certificate,

    /// <summary>the rig file's <c>accuracy</c></summary>
    RigFile,
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
        var factor = FactorOf(trace.Quantity);
        return trace with
        {
            Scale = trace.Scale.Times(factor),
            Resolution = trace.Resolution * factor,
            Wrap = trace.Wrap * factor,
            Accuracy = Limit(trace.Quantity, trace.Accuracy),
        };
    }

    /// <summary>What a single reading of this meter means in this rig, as <see cref="Describe(TraceDescription)"/> does it for a trace.</summary>
    public MeterReading Describe(MeterReading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        var factor = FactorOf(reading.Quantity);
        return reading with
        {
            Value = reading.Value * factor,
            Step = reading.Step * factor,
            Accuracy = Limit(reading.Quantity, reading.Accuracy),
        };
    }

    /// <summary>Who states the limits of error of a quantity, the model having limits or not.</summary>
    public AccuracySource SourceOf(Quantity quantity, AccuracyLimit? ofModel) =>
        Accuracy.ContainsKey(quantity) ? AccuracySource.RigFile
        : ofModel is null ? AccuracySource.Nobody
        : CertificateOf(quantity) is null ? AccuracySource.Model
        : AccuracySource.Certificate;

    /// <summary>What the rig multiplies a meter's own values of a quantity by: the transformer's ratio, and the certificate's gain.</summary>
    public double FactorOf(Quantity quantity) => RatioOf(quantity) * (CertificateOf(quantity)?.Gain ?? 1);

    private AccuracyLimit? Limit(Quantity quantity, AccuracyLimit? ofModel)
    {
        if (Accuracy.TryGetValue(quantity, out var stated))
            return stated;
        if (ofModel is null)
            return null;
        var ratio = RatioOf(quantity);
        var limit = ofModel with { Range = ofModel.Range * ratio, Absolute = ofModel.Absolute * ratio };
        // A limit a stands for a / sqrt(3); the certificate's standard uncertainty is half its expanded one.
        return CertificateOf(quantity) is { } certificate ? limit with { ReadingPercent = 100 * Math.Sqrt(3) * certificate.Uncertainty / 2 } : limit;
    }

    private double RatioOf(Quantity quantity) => FollowsCurrent(quantity) ? CtRatio : 1;

    // A certificate states the gain of power and energy; voltage and current alone are not corrected by it.
    private MeterCertificate? CertificateOf(Quantity quantity) => IsPowerOrEnergy(quantity) ? Certificate : null;

    private static bool IsPowerOrEnergy(Quantity quantity) =>
        quantity is Quantity.ActivePower or Quantity.EnergyImport or Quantity.EnergyExport;

    private static bool FollowsCurrent(Quantity quantity) => quantity is Quantity.Current or Quantity.ActivePower
        or Quantity.ReactivePower or Quantity.ApparentPower or Quantity.EnergyImport or Quantity.EnergyExport
        or Quantity.ReactiveEnergy or Quantity.ApparentEnergy or Quantity.Charge;
}
