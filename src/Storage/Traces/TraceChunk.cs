using MeterLab.Measurement.Samples;

namespace MeterLab.Storage.Traces;

/// <summary>One stored chunk, as it came back.</summary>
/// <param name="Trace">The trace's id.</param>
/// <param name="Sequence">Its place in the trace, from 0.</param>
/// <param name="FirstNs">The earliest before stamp, as the row says.</param>
/// <param name="LastNs">The latest after stamp, as the row says.</param>
/// <param name="Samples">The samples; empty where it is damaged.</param>
/// <param name="LostBefore">Samples that the recorder lost just before it.</param>
/// <param name="Damage">What is wrong with it, in words; null where it is sound.</param>
public sealed record TraceChunk(
    long Trace, long Sequence, long FirstNs, long LastNs, ReadOnlyMemory<RawSample> Samples, long LostBefore, string? Damage);
