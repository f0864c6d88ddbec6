namespace MeterLab.Storage.Traces;

/// <summary>How much of a trace there is.</summary>
public sealed record TraceSpan
{
    /// <summary>The trace's id.</summary>
    public long Trace { get; init; }

    /// <summary>meter/channel.</summary>
    public required string Channel { get; init; }

    /// <summary>active-power, energy-import …</summary>
    public required string Quantity { get; init; }

    /// <summary>Chunks.</summary>
    public long Chunks { get; init; }

    /// <summary>Samples.</summary>
    public long Samples { get; init; }

    /// <summary>Samples that the recorder itself lost.</summary>
    public long Lost { get; init; }

    /// <summary>The earliest stamp, ns on the trace's clock; 0 where it is empty.</summary>
    public long FirstNs { get; init; }

    /// <summary>The latest stamp.</summary>
    public long LastNs { get; init; }

    /// <summary>Bytes of the chunks' payloads.</summary>
    public long PayloadBytes { get; init; }
}
