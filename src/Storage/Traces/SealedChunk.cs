using MeterLab.Measurement.Samples;

namespace MeterLab.Storage.Traces;

/// <summary>A chunk on its way to the disk. The buffer is rented and goes back when it is written.</summary>
internal readonly record struct SealedChunk(TraceInput Input, long Sequence, RawSample[] Buffer, int Count, long LostBefore);

/// <summary>An event on a meter's wire on its way to the disk.</summary>
internal sealed record PendingEvent(string Meter, string Kind, long HostNs, string Detail);
