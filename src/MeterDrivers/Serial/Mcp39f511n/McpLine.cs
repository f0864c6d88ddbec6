using System.Runtime.CompilerServices;

using MeterLab.Measurement.Clocks;
using MeterLab.MeterDrivers.Links;

namespace MeterLab.MeterDrivers.Serial.Mcp39f511n;

/// <summary>
/// Asks the device for bytes of its memory, with a deadline and stamps around each question. Answers carry no number: after a fault the line must
/// stay silent as long as an answer is waited for. Never retries, and allocates nothing for an exchange.
/// </summary>
internal sealed class McpLine(Func<IByteLink> open, string name, IHostClock clock, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(500);

    private readonly Deadline _deadline = new(time);
    private readonly byte[] _buffer = new byte[64];
    private IByteLink? _link;
    private bool _outOfStep;

    /// <summary>For messages.</summary>
    public string Name => name;

    /// <summary>Opens the line anew. Throws <see cref="LinkException"/>.</summary>
    public async ValueTask OpenAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        _link = open();
        _outOfStep = false;
    }

    /// <summary>Sends a question and puts the answer's bytes into <paramref name="data"/>, whose length is how many are due.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<(long BeforeNs, long AfterNs)> ReadAsync(ushort address, ReadOnlyMemory<byte> question, Memory<byte> data, CancellationToken cancellationToken)
    {
        var link = _link ?? throw new LinkException(LinkFailure.Closed, $"{name}: the line is closed.");
        if (_outOfStep)
            await SilenceAsync(link, cancellationToken).ConfigureAwait(false);
        link.DiscardInput();
        var received = 0;
        var token = _deadline.Start(Timeout, cancellationToken);
        try
        {
            _outOfStep = true;
            var before = clock.MonotonicNs;
            await link.WriteAsync(question, token).ConfigureAwait(false);
            int needed;
            while ((needed = McpFrame.Needed(_buffer.AsSpan(0, received), data.Length)) > received)
                received += await link.ReadAsync(_buffer.AsMemory(received), token).ConfigureAwait(false);
            var after = clock.MonotonicNs;
            if (needed < 0 || needed < received)
                throw new LinkException(LinkFailure.Corrupt, $"{name}: what came back is no answer of this device. Are model and baud rate right?");
            McpFrame.Open(_buffer.AsSpan(0, needed), name, address).CopyTo(data.Span);
            _outOfStep = false;
            return (before, after);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw received > 0
                ? new LinkException(LinkFailure.Corrupt, $"{name}: the answer broke off after {received} bytes.", e)
                : new LinkException(LinkFailure.TimedOut, $"{name}: no answer within {Timeout.TotalSeconds:0.#} s. Is the device on, and are model and baud rate right?", e);
        }
        finally
        {
            _deadline.Stop();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        _deadline.Dispose();
    }

    private async ValueTask SilenceAsync(IByteLink link, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < 4 * Timeout)
        {
            try
            {
                await link.ReadAsync(_buffer, _deadline.Start(Timeout, cancellationToken)).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return;
            }
            finally
            {
                _deadline.Stop();
            }
        }

        throw new LinkException(LinkFailure.Corrupt, $"{name}: the line does not fall silent. Does something else send on it?");
    }

    private async ValueTask CloseAsync()
    {
        var link = _link;
        _link = null;
        if (link is not null)
            await link.DisposeAsync().ConfigureAwait(false);
    }
}
