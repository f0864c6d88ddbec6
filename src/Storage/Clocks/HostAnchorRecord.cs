using MeterLab.Measurement.Clocks;

namespace MeterLab.Storage.Clocks;

/// <summary>A stored <see cref="HostAnchor"/>.</summary>
public sealed record HostAnchorRecord
{
    /// <summary>The boot of the lab host: anchors of two boots are of two lines.</summary>
    public required string Boot { get; init; }

    /// <summary>CLOCK_MONOTONIC just before, ns.</summary>
    public long MonotonicBeforeNs { get; init; }

    /// <summary>CLOCK_MONOTONIC_RAW, ns.</summary>
    public long RawNs { get; init; }

    /// <summary>CLOCK_REALTIME, ns since 1970.</summary>
    public long UtcNs { get; init; }

    /// <summary>CLOCK_MONOTONIC just after, ns.</summary>
    public long MonotonicAfterNs { get; init; }

    /// <summary>The anchor alone.</summary>
    public HostAnchor Anchor => new(MonotonicBeforeNs, RawNs, UtcNs, MonotonicAfterNs);
}
