using MeterLab.MeterDrivers.Links;

namespace MeterLab.MeterDrivers.Modbus;

/// <content>What a fault leaves behind, and how the line becomes clean again.</content>
internal sealed partial class ModbusBus
{
    // USB adapters hand bytes over in lots, up to 16 ms apart: this long a silence ends a damaged frame.
    private static readonly TimeSpan FrameEnd = TimeSpan.FromMilliseconds(50);

    // RTU answers carry no number: one that comes late would be taken for the answer to the next question. So after a time-out
    // the line must stay silent as long as an answer is waited for, and after damage until the frame must be over.
    private async ValueTask CleanUpAsync(Exception failure, ReadOnlyMemory<ModbusTransaction> batch, TimeSpan timeout)
    {
        var outOfStep = _writing
            || failure is LinkException { Failure: LinkFailure.Closed }
            || (settings.Codec.TellsLateReplies && failure is LinkException);
        if (outOfStep)
        {
            await CloseAsync().ConfigureAwait(false);
        }
        else if (!settings.Codec.TellsLateReplies)
        {
            _listenFirst = failure is OperationCanceledException ? timeout : FrameEnd;
            if (failure is OperationCanceledException)
                _unanswered.Add(batch.Span[0].Request);
        }
    }

    private async ValueTask ListenUntilSilentAsync(IByteLink link, CancellationToken cancellationToken)
    {
        var patience = time.GetTimestamp() + ReusableDelay.ToTimestamp(4 * _listenFirst, time);
        while (time.GetTimestamp() <= patience)
        {
            try
            {
                if (_received == _receive.Length)
                    _received = 0;
                _received += await link.ReadAsync(_receive.AsMemory(_received), _deadline.Start(_listenFirst, cancellationToken)).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                _listenFirst = TimeSpan.Zero;
                CountLate();
                return;
            }
            finally
            {
                _deadline.Stop();
            }
        }

        throw new LinkException(LinkFailure.Corrupt, $"{Name}: the line does not fall silent. Is another master on it, or the baud rate wrong?");
    }

    // What came while nobody asked: a whole frame that answers an earlier request is counted as what it is.
    private void CountLate()
    {
        while (settings.Codec.Needed(_receive.AsSpan(0, _received)) is > 0 and var length && length <= _received)
        {
            if (settings.Codec.Open(_receive.AsSpan(0, length), out var unit, out var pdu, out _) != FrameVerdict.Reply)
                return;
            if (_unanswered.Take(unit, pdu))
                CountLateReply();
            Drop(length);
        }
    }

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
