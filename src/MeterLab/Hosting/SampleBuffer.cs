using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers;

namespace MeterLab.Cli.Hosting;

/// <summary>Keeps the samples of one trace in memory, up to a bound; what comes after it is counted.</summary>
internal sealed class SampleBuffer(int capacity) : ISampleSink
{
    private const int BlockSize = 1 << 16;

    private readonly List<RawSample[]> _blocks = [];
    private int _count;
    private long _beyond;
    private long _events;

    /// <summary>How many samples are kept.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many came when it was full.</summary>
    public long Beyond => Interlocked.Read(ref _beyond);

    /// <summary>How many things happened on the wire.</summary>
    public long Events => Interlocked.Read(ref _events);

    /// <summary>The last thing that happened on the wire, in words; null where nothing did.</summary>
    public string? LastEvent { get; private set; }

    /// <inheritdoc/>
    public void Accept(int trace, in RawSample sample)
    {
        if (_count >= capacity)
        {
            Interlocked.Increment(ref _beyond);
            return;
        }

        var offset = _count % BlockSize;
        if (offset == 0)
            _blocks.Add(new RawSample[BlockSize]);
        _blocks[^1][offset] = sample;
        Volatile.Write(ref _count, _count + 1);
    }

    /// <inheritdoc/>
    public void Report(AcquisitionEvent acquisitionEvent)
    {
        Interlocked.Increment(ref _events);
        LastEvent = acquisitionEvent.Detail;
    }

    /// <summary>All samples, when the acquisition has ended.</summary>
    public RawSample[] ToArray()
    {
        var all = new RawSample[_count];
        for (var i = 0; i < _blocks.Count; i++)
            _blocks[i].AsSpan(0, Math.Min(BlockSize, _count - i * BlockSize)).CopyTo(all.AsSpan(i * BlockSize));
        return all;
    }
}
