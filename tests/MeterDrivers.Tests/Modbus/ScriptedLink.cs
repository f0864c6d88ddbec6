using System.Threading.Channels;

using MeterLab.MeterDrivers.Links;

namespace MeterLab.MeterDrivers.Tests.Modbus;

/// <summary>A wire in memory whose other end is a function: each write is answered with chunks, which reads return one by one.</summary>
internal sealed class ScriptedLink(Func<byte[], IEnumerable<byte[]>> answer) : IByteLink
{
    private readonly Channel<byte[]> _incoming = Channel.CreateUnbounded<byte[]>();
    private byte[] _rest = [];

    public string Name => "scripted";

    /// <summary>What was written, a frame each.</summary>
    public List<byte[]> Written { get; } = [];

    public bool Disposed { get; private set; }

    /// <summary>Bytes that come by themselves.</summary>
    public void Push(byte[] bytes) => _incoming.Writer.TryWrite(bytes);

    /// <summary>The other side hangs up once what it sent is read.</summary>
    public void HangUp() => _incoming.Writer.TryComplete();

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Written.Add(bytes.ToArray());
        foreach (var chunk in answer(bytes.ToArray()))
            Push(chunk);
        return ValueTask.CompletedTask;
    }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (_rest.Length == 0)
        {
            if (!await _incoming.Reader.WaitToReadAsync(cancellationToken))
                throw new LinkException(LinkFailure.Closed, "scripted: closed");
            if (_incoming.Reader.TryRead(out var chunk))
                _rest = chunk;
        }

        var count = Math.Min(buffer.Length, _rest.Length);
        _rest.AsSpan(0, count).CopyTo(buffer.Span);
        _rest = _rest[count..];
        return count;
    }

    public void DiscardInput()
    {
        _rest = [];
        while (_incoming.Reader.TryRead(out _))
        {
        }
    }

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return ValueTask.CompletedTask;
    }
}
