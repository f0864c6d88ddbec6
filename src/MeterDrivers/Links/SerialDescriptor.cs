using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

using Microsoft.Win32.SafeHandles;

namespace MeterLab.MeterDrivers.Links;

/// <summary>
/// A non-blocking descriptor read and written asynchronously: one reader and one writer at a time. Bytes leave the kernel only in a
/// call that returns them, so a cancelled read loses none. Terminals, both ends of a pseudo terminal, connections and timers are such.
/// </summary>
internal sealed class SerialDescriptor : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SerialWait _read = new();
    private readonly SerialWait _write = new();
    private readonly long _key;
    private uint _interest;
    private bool _closed;

    /// <summary>Takes ownership of a descriptor opened with O_NONBLOCK.</summary>
    internal SerialDescriptor(SafeFileHandle handle)
    {
        Handle = handle;
        _key = SerialPoller.Shared.Add(this);
    }

    internal SafeFileHandle Handle { get; }

    /// <summary>At least one byte, as soon as there are any; 0 where the other end has hung up or this line was closed.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryRead(buffer.Span, out var count))
                return count;
            await WaitAsync(_read, SerialNative.Readable, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>As <see cref="ReadAsync"/> where that need not wait; false where it would have to.</summary>
    internal bool TryReadNow(Span<byte> buffer, out int count) => TryRead(buffer, out count);

    /// <summary>Writes all the bytes. False where the other end has hung up or this line was closed.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!TryWrite(bytes.Span, out var count))
                await WaitAsync(_write, SerialNative.Writable, cancellationToken).ConfigureAwait(false);
            else if (count == 0)
                return false;
            else
                bytes = bytes[count..];
        }

        return true;
    }

    /// <summary>Waits until it can be written to: a connection that is being made was made then, or failed.</summary>
    internal async ValueTask WaitWritableAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await WaitAsync(_write, SerialNative.Writable, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Called by the poller: something that was asked for has happened.</summary>
    internal void Signal(uint events)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            // A hang-up or an error concerns both directions.
            var fired = (events & (SerialNative.HungUp | SerialNative.Failed)) != 0 ? _interest : events & _interest;
            _interest &= ~fired;
            if (_interest != 0)
                SerialPoller.Shared.Arm(_key, Handle, _interest);
            if ((fired & SerialNative.Readable) != 0)
                _read.Wake();
            if ((fired & SerialNative.Writable) != 0)
                _write.Wake();
        }
    }

    /// <summary>Closes the descriptor; whoever waits on it wakes and sees the end.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
            SerialPoller.Shared.Remove(_key, Handle);
            _read.Wake();
            _write.Wake();
        }

        Handle.Dispose();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WaitAsync(SerialWait wait, uint events, CancellationToken cancellationToken)
    {
        var woken = wait.Begin();
        // Cancelled or not, the wait ends by being woken: the caller's loop looks at the token first.
        using (cancellationToken.UnsafeRegister(static state => ((SerialWait)state!).Wake(), wait))
        {
            lock (_gate)
            {
                if (_closed)
                {
                    wait.Wake();
                }
                else
                {
                    _interest |= events;
                    SerialPoller.Shared.Arm(_key, Handle, _interest);
                }
            }

            await woken.ConfigureAwait(false);
        }
    }

    private bool TryRead(Span<byte> buffer, out int count)
    {
        count = 0;
        if (buffer.IsEmpty)
            return true;
        while (true)
        {
            var result = Call(write: false, ref MemoryMarshal.GetReference(buffer), buffer.Length, out var error);
            if (result >= 0)
            {
                count = (int)result;
                return true;
            }

            if (error == SerialNative.ErrorAgain)
                return false;
            // EIO, ENXIO, ENODEV: the device or the other end is gone, which reads as the end.
            if (error != SerialNative.ErrorInterrupted)
                return true;
        }
    }

    private bool TryWrite(ReadOnlySpan<byte> bytes, out int count)
    {
        count = 0;
        while (true)
        {
            var result = Call(write: true, ref MemoryMarshal.GetReference(bytes), bytes.Length, out var error);
            if (result > 0)
            {
                count = (int)result;
                return true;
            }

            if (result == 0 || error == SerialNative.ErrorAgain)
                return false;
            if (error != SerialNative.ErrorInterrupted)
                return true;
        }
    }

    private nint Call(bool write, ref byte buffer, int length, out int error)
    {
        error = SerialNative.ErrorNoSuchDevice;
        if (Volatile.Read(ref _closed))
            return -1;
        try
        {
            var result = write
                ? SerialNative.Write(Handle, ref buffer, (nuint)length)
                : SerialNative.Read(Handle, ref buffer, (nuint)length);
            error = Marshal.GetLastPInvokeError();
            return result;
        }
        catch (ObjectDisposedException)
        {
            // Closed between the look and the call: the same as hung up.
            return -1;
        }
    }
}
