using System.Runtime.CompilerServices;

using MeterLab.Measurement.Clocks;
using MeterLab.MeterDrivers.Links;
using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Modbus;

/// <summary>
/// One wire with one or more units on it: one exchange at a time, whoever asks, of one request or, on a network, of several at once.
/// Stamps each answer, keeps the silences, and leaves the line clean after a fault, so that an answer is never taken for that to
/// another question. Never retries.
/// </summary>
internal sealed partial class ModbusBus(ModbusBusSettings settings, IHostClock clock, TimeProvider time) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Deadline _deadline = new(time);
    private readonly LinePause _pause = new(time);
    private readonly UnansweredRequests _unanswered = new(time);
    private readonly byte[] _send = new byte[FrameCodec.MaxFrame * RegisterLimits.MostInFlight];
    private readonly byte[] _receive = new byte[FrameCodec.MaxFrame * RegisterLimits.MostInFlight];
    private IByteLink? _link;
    private int _received;
    private long _idleSince;
    private TimeSpan _listenFirst;
    private bool _writing;
    private AcquisitionStatistics? _counts;

    /// <summary>Counts openings, so that of several users of a dead wire only the first opens it again.</summary>
    public int Generation { get; private set; }

    /// <summary>Whether answers carry the number of their request, so that several may be on their way.</summary>
    public bool NumbersFrames => settings.Codec.TellsLateReplies;

    /// <summary>Counts answers, of whatever unit: while it grows, the wire is alive.</summary>
    public long Answers { get; private set; }

    /// <summary>Counts answers to earlier requests that came too late and were dropped.</summary>
    public long LateReplies { get; private set; }

    /// <summary>The name for messages.</summary>
    public string Name => settings.Name;

    /// <summary>The serial line behind the bus, or null.</summary>
    public SerialSettings? Line => settings.Line;

    /// <summary>The time that protocol data units of this many bytes together, a request and its answer, take as characters on a serial line; zero where there is none.</summary>
    public TimeSpan WireTime(int pduBytes) =>
        settings.CharacterTime(pduBytes + 2 * settings.Codec.Overhead);

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
    /// Sends requests, several at once only where frames are numbered, and waits until each has its answer. <paramref name="timeout"/>
    /// counts from the requests and does not contain the time that characters take on a serial line. Throws <see cref="LinkException"/>,
    /// <see cref="MeterException"/> for another unit's answer, and <see cref="OperationCanceledException"/>.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ExchangeAsync(
        ReadOnlyMemory<ModbusTransaction> batch, TimeSpan timeout, TimeSpan gap, AcquisitionStatistics counts, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _counts = counts;
            if (_link is not { } link)
                throw new LinkException(LinkFailure.Closed, $"{Name}: the link is down.");
            try
            {
                await PrepareAsync(link, gap, cancellationToken).ConfigureAwait(false);
                var token = _deadline.Start(timeout + WireTime(batch.Span), cancellationToken);
                await TransactAsync(link, batch, token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or LinkException or MeterException)
            {
                await CleanUpAsync(e, batch, timeout).ConfigureAwait(false);
                if (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
                    throw TimedOut(FirstUnanswered(batch.Span), timeout, e);
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
        _unanswered.Clear();
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

    // Silence on the wire before a request: the standard's and what the model asks for.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask PrepareAsync(IByteLink link, TimeSpan gap, CancellationToken cancellationToken)
    {
        gap = gap > settings.Silence ? gap : settings.Silence;
        await _pause.UntilAsync(_idleSince + ReusableDelay.ToTimestamp(gap, time), cancellationToken).ConfigureAwait(false);
        if (settings.Codec.TellsLateReplies)
            return;
        if (_listenFirst > TimeSpan.Zero)
            await ListenUntilSilentAsync(link, cancellationToken).ConfigureAwait(false);
        link.DiscardInput();
        _received = 0;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask TransactAsync(IByteLink link, ReadOnlyMemory<ModbusTransaction> batch, CancellationToken token)
    {
        var length = Frame(batch.Span);
        var before = clock.MonotonicNs;
        _writing = true;
        await link.WriteAsync(_send.AsMemory(0, length), token).ConfigureAwait(false);
        _writing = false;
        if (settings.Echo)
            await TakeEchoAsync(link, length, token).ConfigureAwait(false);
        for (var open = batch.Length; open > 0;)
        {
            var needed = settings.Codec.Needed(_receive.AsSpan(0, _received));
            if (needed < 0)
                throw new LinkException(LinkFailure.Corrupt, $"{Name}, {FirstUnanswered(batch.Span)}: what came back is no Modbus frame. Does another protocol or master use this wire?");
            if (needed > _received)
            {
                _received += await link.ReadAsync(_receive.AsMemory(_received), token).ConfigureAwait(false);
                continue;
            }

            if (TryTake(batch.Span, needed, new ExchangeTimes(before, clock.MonotonicNs)))
                open--;
        }

        // Bytes behind the answer are nobody's: on a serial line the next request waits until they are over.
        if (_received > 0 && !settings.Codec.TellsLateReplies)
            _listenFirst = FrameEnd;
    }

    private int Frame(ReadOnlySpan<ModbusTransaction> batch)
    {
        settings.Codec.Begin();
        var length = 0;
        foreach (var transaction in batch)
        {
            transaction.Reset();
            length += settings.Codec.Encode(transaction.Request.Unit, transaction.Pdu, _send.AsSpan(length));
        }

        return length;
    }

    private async ValueTask TakeEchoAsync(IByteLink link, int length, CancellationToken token)
    {
        while (_received < length)
            _received += await link.ReadAsync(_receive.AsMemory(_received), token).ConfigureAwait(false);
        if (!_receive.AsSpan(0, length).SequenceEqual(_send.AsSpan(0, length)))
            throw new LinkException(LinkFailure.Corrupt, $"{Name}: the echo of the request is not what was sent. Does another master talk on this line, or does the adapter not echo (echo=off)?");
        Drop(length);
    }

    // False for a late answer to an earlier request, which is dropped.
    private bool TryTake(ReadOnlySpan<ModbusTransaction> batch, int length, ExchangeTimes times)
    {
        var verdict = settings.Codec.Open(_receive.AsSpan(0, length), out var unit, out var pdu, out var index);
        var mine = verdict == FrameVerdict.Reply && !batch[index].IsAnswered ? batch[index] : null;
        var request = mine?.Request ?? FirstUnanswered(batch);
        if (verdict == FrameVerdict.Corrupt)
        {
            Drop(length);
            throw new LinkException(LinkFailure.Corrupt, $"{Name}, {request}: the answer's checksum (CRC) is wrong. Check the wiring, the termination and the baud rate.");
        }

        if (mine is null || (!request.IsAnsweredBy(unit, pdu) && _unanswered.Take(unit, pdu)))
        {
            CountLateReply();
            Drop(length);
            return false;
        }

        if (unit == request.Unit)
            mine.Answer(pdu, times);
        Drop(length);
        Answers++;
        return unit == request.Unit
            ? true
            : throw new MeterException(MeterFailure.Protocol, $"{Name}, {request}: unit {unit} answered. Do two meters on this bus have one number?");
    }

    private void CountLateReply()
    {
        LateReplies++;
        _counts?.CountLateReply();
    }

    private void Drop(int length)
    {
        _receive.AsSpan(length, _received - length).CopyTo(_receive);
        _received -= length;
    }

    private TimeSpan WireTime(ReadOnlySpan<ModbusTransaction> batch)
    {
        var time = TimeSpan.Zero;
        foreach (var transaction in batch)
            time += WireTime(transaction.Pdu.Length + transaction.Request.ReplyLength);
        return settings.Echo ? time + WireTime(batch[0].Pdu.Length) : time;
    }

    private static ModbusRequest FirstUnanswered(ReadOnlySpan<ModbusTransaction> batch)
    {
        foreach (var transaction in batch)
        {
            if (!transaction.IsAnswered)
                return transaction.Request;
        }

        return batch[0].Request;
    }
}
