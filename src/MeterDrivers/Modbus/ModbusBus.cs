using System.Runtime.CompilerServices;

using MeterLab.Measurement.Clocks;
using MeterLab.MeterDrivers.Links;

namespace MeterLab.MeterDrivers.Modbus;

/// <summary>How to reach a bus and how long its characters take.</summary>
/// <param name="Name">For messages: <c>10.0.0.20:502</c>, <c>/dev/ttyUSB0</c>.</param>
/// <param name="Codec">How frames are made on it.</param>
/// <param name="Line">The serial line behind it, whose characters take time; null where there is none.</param>
/// <param name="Paces">Whether this host must keep the silence between RTU frames; a gateway does it itself.</param>
/// <param name="Open">Opens the wire.</param>
internal sealed record ModbusBusSettings(
    string Name, FrameCodec Codec, SerialSettings? Line, bool Paces, Func<CancellationToken, ValueTask<IByteLink>> Open);

/// <summary>
/// One wire with one or more units on it: one exchange at a time, whoever asks. Stamps each exchange, keeps the silences, and
/// leaves the line clean after a fault, so that an answer is never taken for that to another question. Never retries.
/// </summary>
internal sealed class ModbusBus(ModbusBusSettings settings, IHostClock clock, TimeProvider time) : IAsyncDisposable
{
    // USB adapters hand bytes over in lots, up to 16 ms apart: this long a silence ends a damaged frame.
    private static readonly TimeSpan FrameEnd = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Deadline _deadline = new(time);
    private readonly ReusableDelay _pause = new(time);
    private readonly byte[] _send = new byte[FrameCodec.MaxFrame];
    private readonly byte[] _receive = new byte[FrameCodec.MaxFrame];
    private IByteLink? _link;
    private int _received;
    private long _idleSince;
    private TimeSpan _listenFirst;
    private bool _writing;

    /// <summary>Counts openings, so that of several users of a dead wire only the first opens it again.</summary>
    public int Generation { get; private set; }

    /// <summary>The name for messages.</summary>
    public string Name => settings.Name;

    /// <summary>The serial line behind the bus, or null.</summary>
    public SerialSettings? Line => settings.Line;

    /// <summary>The time that protocol data units of this many bytes together, a request and its answer, take as characters on a serial line; zero where there is none.</summary>
    public TimeSpan WireTime(int pduBytes) =>
        settings.Line is { } line ? CharacterTime(line, pduBytes + 2 * settings.Codec.Overhead) : TimeSpan.Zero;

    /// <summary>Opens the wire unless it is open. Throws <see cref="LinkException"/>.</summary>
    public async ValueTask EnsureOpenAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_link is null)
                await OpenAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Opens the wire anew, unless another user did since <paramref name="generation"/>. Throws <see cref="LinkException"/>.</summary>
    public async ValueTask ReopenAsync(int generation, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_link is not null && Generation != generation)
                return;
            await CloseAsync().ConfigureAwait(false);
            await OpenAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Sends a request and waits for its answer, which is put into <paramref name="reply"/>. <paramref name="timeout"/> counts from the
    /// request and does not contain the time that the characters take on a serial line. Throws <see cref="LinkException"/>,
    /// <see cref="MeterException"/> for another unit's answer, and <see cref="OperationCanceledException"/>.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<(ExchangeTimes Times, int Length)> ExchangeAsync(
        ModbusRequest request, ReadOnlyMemory<byte> pdu, Memory<byte> reply, TimeSpan timeout, TimeSpan gap, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_link is not { } link)
                throw new LinkException(LinkFailure.Closed, $"{Name}: the link is down.");
            try
            {
                await PrepareAsync(link, gap, cancellationToken).ConfigureAwait(false);
                var token = _deadline.Start(timeout + WireTime(pdu.Length + request.ReplyLength), cancellationToken);
                return await TransactAsync(link, request, pdu, reply, token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or LinkException or MeterException)
            {
                await CleanUpAsync(e, timeout).ConfigureAwait(false);
                if (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
                    throw TimedOut(request, timeout, e);
                throw;
            }
            finally
            {
                _deadline.Stop();
                _idleSince = time.GetTimestamp();
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        await CloseAsync().ConfigureAwait(false);
        _deadline.Dispose();
        _pause.Dispose();
        _turn.Dispose();
    }

    private async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        _link = await settings.Open(cancellationToken).ConfigureAwait(false);
        Generation++;
        _received = 0;
        _writing = false;
        _listenFirst = TimeSpan.Zero;
        _idleSince = time.GetTimestamp();
    }

    private async ValueTask CloseAsync()
    {
        var link = _link;
        _link = null;
        if (link is not null)
            await link.DisposeAsync().ConfigureAwait(false);
    }

    // Silence on the wire before a request: the standard's 3.5 characters (1.75 ms above 19200 Bd) and what the model asks for.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask PrepareAsync(IByteLink link, TimeSpan gap, CancellationToken cancellationToken)
    {
        if (settings.Paces && settings.Line is { } line)
        {
            var silence = line.Baud > 19_200 ? TimeSpan.FromMilliseconds(1.75) : CharacterTime(line, 3.5);
            gap = gap > silence ? gap : silence;
        }

        await _pause.UntilAsync(_idleSince + ReusableDelay.ToTimestamp(gap, time), cancellationToken).ConfigureAwait(false);
        if (settings.Codec.TellsLateReplies)
            return;
        if (_listenFirst > TimeSpan.Zero)
            await ListenUntilSilentAsync(link, cancellationToken).ConfigureAwait(false);
        link.DiscardInput();
        _received = 0;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(ExchangeTimes Times, int Length)> TransactAsync(
        IByteLink link, ModbusRequest request, ReadOnlyMemory<byte> pdu, Memory<byte> reply, CancellationToken token)
    {
        var length = settings.Codec.Encode(request.Unit, pdu.Span, _send);
        var before = clock.MonotonicNs;
        _writing = true;
        await link.WriteAsync(_send.AsMemory(0, length), token).ConfigureAwait(false);
        _writing = false;
        while (true)
        {
            var needed = settings.Codec.Needed(_receive.AsSpan(0, _received));
            if (needed < 0)
                throw new LinkException(LinkFailure.Corrupt, $"{Name}, {request}: what came back is no Modbus frame. Does another protocol or master use this wire?");
            if (needed > _received)
            {
                _received += await link.ReadAsync(_receive.AsMemory(_received), token).ConfigureAwait(false);
                continue;
            }

            var after = clock.MonotonicNs;
            if (TryTake(request, needed, reply.Span, out var taken))
                return (new ExchangeTimes(before, after), taken);
        }
    }

    // False for a late answer to an earlier request, which is dropped.
    private bool TryTake(ModbusRequest request, int length, Span<byte> reply, out int taken)
    {
        var verdict = settings.Codec.Open(_receive.AsSpan(0, length), out var unit, out var pdu);
        taken = verdict == FrameVerdict.Reply && unit == request.Unit ? pdu.Length : 0;
        if (taken > 0)
            pdu.CopyTo(reply);
        _receive.AsSpan(length, _received - length).CopyTo(_receive);
        _received -= length;
        if (verdict == FrameVerdict.Corrupt)
            throw new LinkException(LinkFailure.Corrupt, $"{Name}, {request}: the answer's checksum (CRC) is wrong. Check the wiring, the termination and the baud rate.");
        if (verdict == FrameVerdict.Reply && unit != request.Unit)
            throw new MeterException(MeterFailure.Protocol, $"{Name}, {request}: unit {unit} answered. Do two meters on this bus have one number?");
        return taken > 0;
    }

    // RTU answers carry no number: one that comes late would be taken for the answer to the next question. So after a time-out
    // the line must stay silent as long as an answer is waited for, and after damage until the frame must be over.
    private async ValueTask CleanUpAsync(Exception failure, TimeSpan timeout)
    {
        var outOfStep = _writing
            || failure is LinkException { Failure: LinkFailure.Closed }
            || (settings.Codec.TellsLateReplies && failure is LinkException);
        if (outOfStep)
            await CloseAsync().ConfigureAwait(false);
        else if (!settings.Codec.TellsLateReplies)
            _listenFirst = failure is OperationCanceledException ? timeout : FrameEnd;
    }

    private async ValueTask ListenUntilSilentAsync(IByteLink link, CancellationToken cancellationToken)
    {
        var patience = time.GetTimestamp() + ReusableDelay.ToTimestamp(4 * _listenFirst, time);
        while (time.GetTimestamp() <= patience)
        {
            try
            {
                await link.ReadAsync(_receive, _deadline.Start(_listenFirst, cancellationToken)).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                _listenFirst = TimeSpan.Zero;
                return;
            }
            finally
            {
                _deadline.Stop();
            }
        }

        throw new LinkException(LinkFailure.Corrupt, $"{Name}: the line does not fall silent. Is another master on it, or the baud rate wrong?");
    }

    private static TimeSpan CharacterTime(SerialSettings line, double characters) =>
        TimeSpan.FromSeconds(characters * line.BitsPerCharacter / line.Baud);

    private LinkException TimedOut(ModbusRequest request, TimeSpan timeout, Exception inner)
    {
        var needed = settings.Codec.Needed(_receive.AsSpan(0, _received));
        return _received > 0
            ? new LinkException(LinkFailure.Corrupt, $"{Name}, {request}: the answer broke off after {_received} of {needed} bytes.", inner)
            : new LinkException(
                LinkFailure.TimedOut,
                $"{Name}, {request}: no answer within {timeout.TotalSeconds:0.###} s. Is the unit number right, the meter on{(settings.Line is null ? "" : ", and are baud rate, parity and wiring right")}?",
                inner);
    }
}
