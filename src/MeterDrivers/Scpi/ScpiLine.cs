using System.Runtime.CompilerServices;
using System.Text;

using MeterLab.Measurement.Clocks;
using MeterLab.MeterDrivers.Links;

namespace MeterLab.MeterDrivers.Scpi;

/// <summary>
/// Questions and answers in lines of text, one at a time, each with a deadline and stamps around it. Answers carry no number, so that one that
/// comes late would be taken for the next: a network connection is given up after a fault, and a serial line must fall silent and then
/// answer a question whose answer is known. Never retries, and allocates nothing for an exchange.
/// </summary>
internal sealed class ScpiLine : IAsyncDisposable
{
    private const int LongestAnswer = 8192;
    private const int LinesToLookThrough = 8;
    private static readonly byte[] Identity = "*IDN?"u8.ToArray();

    private readonly ScpiWire _wire;
    private readonly IHostClock _clock;
    private readonly TimeProvider _time;
    private readonly Deadline _deadline;
    private readonly byte[] _buffer = new byte[LongestAnswer];
    private readonly byte[] _terminator;
    private byte[] _send = new byte[256];
    private IByteLink? _link;
    private byte[]? _known;
    private int _received;
    private bool _outOfStep;

    /// <summary>Takes what opens the wire; nothing is opened yet.</summary>
    public ScpiLine(ScpiWire wire, string terminator, IHostClock clock, TimeProvider time)
    {
        (_wire, _clock, _time) = (wire, clock, time);
        _terminator = Encoding.ASCII.GetBytes(terminator);
        _deadline = new Deadline(time);
    }

    /// <summary>For messages.</summary>
    public string Name => _wire.Name;

    /// <summary>Opens the wire anew. Throws <see cref="LinkException"/>.</summary>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        await CloseAsync().ConfigureAwait(false);
        _link = await _wire.Open(cancellationToken).ConfigureAwait(false);
        _outOfStep = false;
    }

    /// <summary>Asks for the identity; the answer is what a line that was out of step is recognised by.</summary>
    public async ValueTask<string> IdentityAsync(CancellationToken cancellationToken)
    {
        var answer = await AskAsync(Identity, cancellationToken).ConfigureAwait(false);
        _known ??= answer.Line.ToArray();
        return answer.Text;
    }

    /// <summary>Sends a command that has no answer.</summary>
    public async ValueTask TellAsync(string command, CancellationToken cancellationToken)
    {
        var link = await PrepareAsync(cancellationToken).ConfigureAwait(false);
        var token = _deadline.Start(TimeoutFor(command.Length), cancellationToken);
        try
        {
            await link.WriteAsync(Framed(Encoding.ASCII.GetBytes(command)), token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or LinkException)
        {
            throw await FailedAsync(e, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _deadline.Stop();
        }
    }

    /// <summary>Asks and waits for one line. Throws <see cref="LinkException"/> and <see cref="OperationCanceledException"/>.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ScpiAnswer> AskAsync(ReadOnlyMemory<byte> question, CancellationToken cancellationToken)
    {
        var link = await PrepareAsync(cancellationToken).ConfigureAwait(false);
        return await ExchangeAsync(link, question, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        _deadline.Dispose();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<IByteLink> PrepareAsync(CancellationToken cancellationToken)
    {
        var link = _link ?? throw new LinkException(LinkFailure.Closed, $"{Name}: the link is down.");
        if (_outOfStep)
            await RecoverAsync(link, cancellationToken).ConfigureAwait(false);
        link.DiscardInput();
        _received = 0;
        return link;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ScpiAnswer> ExchangeAsync(IByteLink link, ReadOnlyMemory<byte> question, CancellationToken cancellationToken)
    {
        var token = _deadline.Start(TimeoutFor(question.Length), cancellationToken);
        try
        {
            var before = _clock.MonotonicNs;
            await link.WriteAsync(Framed(question.Span), token).ConfigureAwait(false);
            var end = await LineAsync(link, token).ConfigureAwait(false);
            var after = _clock.MonotonicNs;
            // More than one line came: which of them was meant nobody knows, and the next one least of all.
            _outOfStep = end + 1 < _received;
            if (_outOfStep && _known is not null)
                throw new LinkException(LinkFailure.Corrupt, $"{Name}: more than one line came back for one question.");
            return new ScpiAnswer(Trimmed(end), before, after);
        }
        catch (Exception e) when (e is OperationCanceledException or LinkException)
        {
            throw await FailedAsync(e, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _deadline.Stop();
        }
    }

    // The place of the line's end; what is behind it stays in the buffer.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> LineAsync(IByteLink link, CancellationToken token)
    {
        while (true)
        {
            if (_buffer.AsSpan(0, _received).IndexOf((byte)'\n') is >= 0 and var end)
                return end;
            if (_received == _buffer.Length)
                throw new LinkException(LinkFailure.Corrupt, $"{Name}: a line of more than {LongestAnswer} characters came back. Is it the instrument that the model names?");
            _received += await link.ReadAsync(_buffer.AsMemory(_received), token).ConfigureAwait(false);
        }
    }

    private async ValueTask<Exception> FailedAsync(Exception failure, CancellationToken cancellationToken)
    {
        _outOfStep = true;
        var broken = _received > 0;
        if (_wire.IsNetwork || failure is LinkException { Failure: LinkFailure.Closed })
            await CloseAsync().ConfigureAwait(false);
        if (failure is not OperationCanceledException || cancellationToken.IsCancellationRequested)
            return failure;
        return broken
            ? new LinkException(LinkFailure.Corrupt, $"{Name}: the answer broke off after {_received} characters.", failure)
            : new LinkException(
                LinkFailure.TimedOut,
                $"{Name}: no answer within {_wire.Timeout.TotalSeconds:0.###} s. Is the instrument on, {(_wire.IsNetwork ? "the port right" : "are baud rate and wiring right")}, and the model right?", failure);
    }

    // Silence first; then answers are thrown away until the one comes that can only be that of the question just asked.
    private async ValueTask RecoverAsync(IByteLink link, CancellationToken cancellationToken)
    {
        await SilenceAsync(link, cancellationToken).ConfigureAwait(false);
        _received = 0;
        if (_known is null)
        {
            _outOfStep = false;
            return;
        }

        var token = _deadline.Start(TimeoutFor(Identity.Length), cancellationToken);
        try
        {
            await link.WriteAsync(Framed(Identity), token).ConfigureAwait(false);
            for (var i = 0; i < LinesToLookThrough; i++)
            {
                var end = await LineAsync(link, token).ConfigureAwait(false);
                if (Trimmed(end).Span.SequenceEqual(_known))
                {
                    _outOfStep = false;
                    return;
                }

                _buffer.AsSpan(end + 1, _received - end - 1).CopyTo(_buffer);
                _received -= end + 1;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or LinkException)
        {
            throw await FailedAsync(e, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _deadline.Stop();
        }

        throw new LinkException(LinkFailure.Corrupt, $"{Name}: the line is out of step: what comes back is not the answer to what was asked.");
    }

    private async ValueTask SilenceAsync(IByteLink link, CancellationToken cancellationToken)
    {
        var patience = _time.GetTimestamp() + ReusableDelay.ToTimestamp(4 * _wire.Timeout, _time);
        while (_time.GetTimestamp() <= patience)
        {
            try
            {
                await link.ReadAsync(_buffer, _deadline.Start(_wire.Timeout, cancellationToken)).ConfigureAwait(false);
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

        throw new LinkException(LinkFailure.Corrupt, $"{Name}: the line does not fall silent. Does the instrument send by itself, or is the baud rate wrong?");
    }

    private TimeSpan TimeoutFor(int characters) => _wire.Timeout + _wire.CharacterTime * (characters + 256);

    private Memory<byte> Trimmed(int end) => _buffer.AsMemory(0, end > 0 && _buffer[end - 1] == '\r' ? end - 1 : end);

    private ReadOnlyMemory<byte> Framed(ReadOnlySpan<byte> command)
    {
        var length = command.Length + _terminator.Length;
        if (_send.Length < length)
            _send = new byte[length];
        command.CopyTo(_send);
        _terminator.CopyTo(_send, command.Length);
        return _send.AsMemory(0, length);
    }

    private async ValueTask CloseAsync()
    {
        var link = _link;
        _link = null;
        _received = 0;
        if (link is not null)
            await link.DisposeAsync().ConfigureAwait(false);
    }
}
