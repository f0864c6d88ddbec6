using MeterLab.Storage.Traces;

namespace MeterLab.Storage;

/// <summary>What a store holds.</summary>
/// <param name="Path">The file.</param>
/// <param name="Schema">Its schema version.</param>
/// <param name="Bytes">The file and its write-ahead log.</param>
/// <param name="Rows">Rows by table.</param>
/// <param name="Traces">Every trace with its span.</param>
public sealed record StoreInfo(string Path, int Schema, long Bytes, IReadOnlyDictionary<string, long> Rows, IReadOnlyList<TraceSpan> Traces)
{
    /// <summary>Samples of all traces.</summary>
    public long Samples => Traces.Sum(trace => trace.Samples);

    /// <summary>Bytes of payload a sample; null where nothing is recorded.</summary>
    public double? BytesPerSample => Samples == 0 ? null : (double)Traces.Sum(trace => trace.PayloadBytes) / Samples;
}
