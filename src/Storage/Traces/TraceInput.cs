using System.Buffers;

using MeterLab.Measurement.Samples;

namespace MeterLab.Storage.Traces;

/// <summary>
/// Where one trace's samples go in. <see cref="Accept"/> never blocks on the disk, never throws, and allocates nothing in steady
/// state; where the disk cannot keep up, samples are lost, counted, and the next kept one is flagged <see cref="SampleFlags.Gap"/>.
/// </summary>
public sealed class TraceInput
{
    /// <summary>No chunk spans more: what a crash can take is what is not sealed.</summary>
    private const long MaxSpanNs = 1_000_000_000;

    private const int SmallestBuffer = 64;

    private readonly Lock _gate = new();
    private readonly RecorderQueue _queue;
    private RawSample[] _buffer = ArrayPool<RawSample>.Shared.Rent(SmallestBuffer);
    private int _count;
    private long _sequence;
    private long _bufferLostBefore;
    private long _lostPending;
    private long _accepted;
    private long _lost;
    private bool _closed;

    internal TraceInput(long trace, RecorderQueue queue)
    {
        Trace = trace;
        _queue = queue;
    }

    /// <summary>The trace's id in the store.</summary>
    public long Trace { get; }

    /// <summary>Samples taken in.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Samples lost by the recorder: the disk was too slow, full, or the recorder had stopped.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Takes a sample in, or counts it as lost.</summary>
    public void Accept(in RawSample sample)
    {
        lock (_gate)
        {
            if (_closed || !MakeRoomFor(sample))
            {
                _lostPending++;
                Interlocked.Increment(ref _lost);
                return;
            }

            if (_count == 0)
            {
                _bufferLostBefore = _lostPending;
                _lostPending = 0;
            }

            ref var kept = ref _buffer[_count++];
            kept = sample;
            if (_count == 1 && _bufferLostBefore > 0)
                kept = sample with { Flags = sample.Flags | SampleFlags.Gap };
            Interlocked.Increment(ref _accepted);
        }
    }

    /// <summary>What has been taken in and not sealed yet, for the writer.</summary>
    internal bool TrySeal(out SealedChunk chunk)
    {
        lock (_gate)
        {
            if (_count == 0)
            {
                chunk = default;
                return false;
            }

            chunk = Seal();
            return true;
        }
    }

    /// <summary>The last seal: what comes after is counted as lost.</summary>
    internal void Close()
    {
        lock (_gate)
            _closed = true;
    }

    /// <summary>Samples that were taken in and could not be written.</summary>
    internal void CountLost(long samples)
    {
        Interlocked.Add(ref _accepted, -samples);
        Interlocked.Add(ref _lost, samples);
    }

    private bool MakeRoomFor(in RawSample sample)
    {
        if (_count == 0)
            return true;
        // After a loss a new chunk begins, so that the loss stands at the right place.
        var full = _count == ChunkCodec.MaxSamples
            || _lostPending > 0
            || unchecked(sample.AfterNs - _buffer[0].BeforeNs) >= MaxSpanNs;
        if (full)
            return SealIntoQueue();
        if (_count == _buffer.Length)
            Grow();
        return true;
    }

    private bool SealIntoQueue()
    {
        if (!_queue.HasRoom)
            return false;
        var chunk = Seal();
        if (_queue.TryAdd(chunk))
            return true;
        // Another input took the last place between the two questions: the chunk goes back, nothing of it is lost.
        ArrayPool<RawSample>.Shared.Return(_buffer);
        (_buffer, _count, _bufferLostBefore, _sequence) = (chunk.Buffer, chunk.Count, chunk.LostBefore, chunk.Sequence);
        return false;
    }

    private SealedChunk Seal()
    {
        var chunk = new SealedChunk(this, _sequence++, _buffer, _count, _bufferLostBefore);
        // The next chunk will be about as long as this one.
        _buffer = ArrayPool<RawSample>.Shared.Rent(Math.Clamp(_count, SmallestBuffer, ChunkCodec.MaxSamples));
        _count = 0;
        _bufferLostBefore = 0;
        return chunk;
    }

    private void Grow()
    {
        var larger = ArrayPool<RawSample>.Shared.Rent(Math.Min(_buffer.Length * 2, ChunkCodec.MaxSamples));
        _buffer.AsSpan(0, _count).CopyTo(larger);
        ArrayPool<RawSample>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
