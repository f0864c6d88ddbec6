using MeterLab.Measurement.Clocks;

namespace MeterLab.Storage.Clocks;

/// <summary>A stored <see cref="SyncObservation"/> of one clock.</summary>
public sealed record ClockObservationRecord
{
    /// <summary>Given by the store, in the order of observing.</summary>
    public long Id { get; init; }

    /// <summary>The run's id, where it was taken for one run.</summary>
    public string? Run { get; init; }

    /// <summary>The boot of the lab host: observations of two boots must not go into one fit.</summary>
    public required string Boot { get; init; }

    /// <summary>The remote clock.</summary>
    public ClockId Clock { get; init; }

    /// <summary>Host monotonic, ns, just before.</summary>
    public long BeforeNs { get; init; }

    /// <summary>What the remote clock said, ns.</summary>
    public long RemoteNs { get; init; }

    /// <summary>Host monotonic, ns, just after.</summary>
    public long AfterNs { get; init; }

    /// <summary>The remote reading's resolution, ns.</summary>
    public long ResolutionNs { get; init; }

    /// <summary>The observation alone.</summary>
    public SyncObservation Observation => new(BeforeNs, RemoteNs, AfterNs, ResolutionNs);
}
