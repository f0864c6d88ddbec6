using MeterLab.Measurement.Meters;

namespace MeterLab.MeterDrivers.Fields;

/// <summary>A device of a family that is asked for values and answers; <see cref="FieldMeter"/> makes a meter of it.</summary>
internal interface IFieldDevice : IAsyncDisposable
{
    /// <summary>What this specimen has, as found when it was opened.</summary>
    IReadOnlyList<MeasuredField> Fields { get; }

    /// <summary>The data sheet, with what the specimen itself told (its range, its update rate).</summary>
    MeterFacts Facts { get; }

    /// <summary>Opens the wire and finds out which fields there are. Throws <see cref="LinkException"/> and <see cref="MeterException"/>.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Asks what it is; as <see cref="IMeter.IdentifyAsync"/>.</summary>
    Task<MeterIdentity> IdentifyAsync(CancellationToken cancellationToken);

    /// <summary>Prepares to read some of the fields, in this order.</summary>
    IPolledSource Source(IReadOnlyList<MeasuredField> fields);
}
