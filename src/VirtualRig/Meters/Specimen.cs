using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.VirtualRig.World;

namespace MeterLab.VirtualRig.Meters;

/// <summary>
/// One specimen of a model of meter: errors drawn once, uniform within the limits of its data sheet, and kept. Only the rig knows them.
/// </summary>
internal sealed record Specimen
{
    private const double TypicalClockError = 50e-6;
    private const double UnknownDelayLow = 0.05;
    private const double UnknownDelayHigh = 0.45;
    private const double KnownDelaySpread = 0.2;

    public required double Gain { get; init; }
    public required double OffsetWatts { get; init; }
    public required double NoiseWatts { get; init; }
    public required long DelayNs { get; init; }
    public required long PeriodNs { get; init; }
    public required long AveragingNs { get; init; }
    public required long PhaseNs { get; init; }
    public required double PowerStepWatts { get; init; }
    public required double EnergyStepJoules { get; init; }
    public required double EnergyAtStartJoules { get; init; }

    /// <summary>For the noise of its values.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The other quantities' smallest steps.</summary>
    public required IReadOnlyDictionary<Quantity, double> Resolution { get; init; }

    /// <summary>
    /// Draws one. A delay that the data sheet does not know is between 5 and 45 % of the update period; a known one is met within 20 %.
    /// </summary>
    public static Specimen Draw(MeterFacts facts, string name, long seed, SpecimenOptions options)
    {
        var draws = Noise.Seed(seed, "meter:" + name);
        var limit = facts.Accuracy.GetValueOrDefault(Quantity.ActivePower) ?? new AccuracyLimit();
        var response = facts.Response;
        if (response.Shape != ResponseShape.Average)
            throw new ArgumentException($"{facts.Model}: a meter with a first-order filter is not modelled.", nameof(facts));
        var slow = 1 + (options.ClockError ?? TypicalClockError * Noise.Symmetric(draws, 0));
        var period = options.PeriodSeconds ?? response.UpdatePeriodSeconds;
        var averaging = options.AveragingSeconds ?? (options.PeriodSeconds is { } p && !facts.Response.AveragingKnown ? p : response.AveragingSeconds);
        var delay = facts.Response.DelayKnown
            ? response.DelaySeconds * (1 + KnownDelaySpread * Noise.Symmetric(draws, 1))
            : period * (UnknownDelayLow + (UnknownDelayHigh - UnknownDelayLow) * Noise.Uniform(draws, 1));
        var step = options.PowerStepWatts ?? facts.Resolution.GetValueOrDefault(Quantity.ActivePower);
        return new Specimen
        {
            Gain = options.Gain ?? 1 + limit.GainLimit * Noise.Symmetric(draws, 2),
            OffsetWatts = options.OffsetWatts ?? limit.OffsetLimit * Noise.Symmetric(draws, 3),
            NoiseWatts = options.NoiseWatts ?? 0.02 + 0.2 * step,
            DelayNs = Ns(options.DelaySeconds ?? delay),
            PeriodNs = Ns(period / slow),
            AveragingNs = Ns(averaging / slow),
            PhaseNs = Ns(period / slow * (options.Phase ?? Noise.Uniform(draws, 4))),
            PowerStepWatts = step,
            EnergyStepJoules = options.EnergyStepJoules ?? facts.Resolution.GetValueOrDefault(Quantity.EnergyImport),
            EnergyAtStartJoules = options.EnergyAtStartJoules ?? Joules.PerKilowattHour * (1 + 49 * Noise.Uniform(draws, 5)),
            Seed = draws,
            Resolution = facts.Resolution,
        };
    }

    private static long Ns(double seconds) => (long)Math.Round(seconds * 1e9);
}
