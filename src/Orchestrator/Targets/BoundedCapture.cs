using System.Buffers;

namespace MeterLab.Orchestrator.Targets;

/// <summary>The beginning of a stream, up to a limit; what comes after is read, counted and forgotten.</summary>
internal sealed class BoundedCapture(long limit)
{
    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _kept = new();

    /// <summary>Bytes that did not fit.</summary>
    public long Lost { get; private set; }

    /// <summary>Reads a stream to its end.</summary>
    public async Task ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            lock (_lock)
            {
                var room = (int)Math.Min(count, limit - _kept.WrittenCount);
                _kept.Write(buffer.AsSpan(0, room));
                Lost += count - room;
            }
        }
    }

    /// <summary>What has been kept so far.</summary>
    public byte[] ToArray()
    {
        lock (_lock)
            return _kept.WrittenSpan.ToArray();
    }
}
