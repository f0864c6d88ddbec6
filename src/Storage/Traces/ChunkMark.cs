namespace MeterLab.Storage.Traces;

/// <summary>What a chunk's row says of it without opening it: enough to name the raw data behind a figure.</summary>
public sealed record ChunkMark
{
    /// <summary>Its place in the trace, from 0.</summary>
    public long Sequence { get; init; }

    /// <summary>Samples in it.</summary>
    public long Count { get; init; }

    /// <summary>CRC-32C over its bytes, its trace and its place.</summary>
    public long Checksum { get; init; }
}
