using MeterLab.Measurement.Quantities;
using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Fields;

/// <summary>What a model can show at all.</summary>
/// <param name="Plausible">By quantity, SI units; a value beyond is flagged.</param>
/// <param name="MinimumLoadWatts">Below this the accuracy promises nothing, W.</param>
internal sealed record FieldLimits(IReadOnlyDictionary<Quantity, (double From, double To)> Plausible, double MinimumLoadWatts)
{
    /// <summary>No limits.</summary>
    public static FieldLimits None { get; } = new(new Dictionary<Quantity, (double, double)>(), 0);

    /// <summary>A profile's limits.</summary>
    public static FieldLimits Of(MeterProfile profile) => new(profile.Plausible, profile.MinimumLoadWatts);
}
