using System.Runtime.CompilerServices;

using MeterLab.MeterDrivers.Links;

namespace MeterLab.MeterDrivers.Serial;

/// <summary>An open line with deadlines, of a device that speaks a protocol of its own; a derived class knows the protocol.</summary>
internal abstract class DevicePort(IByteLink link, TimeProvider time) : IAsyncDisposable
{
    private readonly Deadline _deadline = new(time);

    /// <summary>The device file.</summary>
    public string Name => link.Name;

    /// <summary>Delays and deadlines.</summary>
    protected TimeProvider Time => time;

    /// <summary>Reads what there is, at least a byte; 0 where nothing came in time. Throws <see cref="LinkException"/>.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, TimeSpan within, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var token = _deadline.Start(within, cancellationToken);
        try
        {
            return await link.ReadAsync(buffer, token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return 0;
        }
        finally
        {
            _deadline.Stop();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _deadline.Dispose();
        return link.DisposeAsync();
    }

    /// <summary>Sends bytes. Throws <see cref="LinkException"/> where the device does not take them in time.</summary>
    protected async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, TimeSpan within, CancellationToken cancellationToken)
    {
        var token = _deadline.Start(within, cancellationToken);
        try
        {
            await link.WriteAsync(bytes, token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LinkException(LinkFailure.TimedOut, $"{Name}: the device takes no bytes.", e);
        }
        finally
        {
            _deadline.Stop();
        }
    }

    /// <summary>Sends bytes beside whatever else goes on, without a deadline of its own.</summary>
    protected ValueTask WriteBesideAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => link.WriteAsync(bytes, cancellationToken);

    /// <summary>Throws away what comes until the line is quiet for a while. False where it does not become so in time.</summary>
    protected async ValueTask<bool> DrainAsync(TimeSpan quiet, TimeSpan within, CancellationToken cancellationToken)
    {
        var waste = new byte[4096];
        var started = time.GetTimestamp();
        while (await ReadAsync(waste, quiet, cancellationToken).ConfigureAwait(false) > 0)
        {
            if (time.GetElapsedTime(started) > within)
                return false;
        }

        return true;
    }
}
