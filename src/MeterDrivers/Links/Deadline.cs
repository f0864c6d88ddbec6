namespace MeterLab.MeterDrivers.Links;

/// <summary>
/// A token that is cancelled at a deadline or with an outer token, made for one exchange after another: arming it again costs
/// no allocation unless the last one really ended that way. One owner; not for concurrent use.
/// </summary>
internal sealed class Deadline : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private CancellationTokenSource _source = new();
    private CancellationTokenRegistration _outer;
    private long _dueTimestamp;
    private long _timerTimestamp = long.MaxValue;
    private bool _armed;
    private bool _spent;

    /// <summary>Creates a deadline that is not running.</summary>
    public Deadline(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(static state => ((Deadline)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Starts the time and returns the token of this exchange.</summary>
    public CancellationToken Start(TimeSpan timeout, CancellationToken outer)
    {
        CancellationToken token;
        lock (_gate)
        {
            if (_spent)
                _source = new CancellationTokenSource();
            _spent = false;
            _armed = true;
            _dueTimestamp = _time.GetTimestamp() + ReusableDelay.ToTimestamp(timeout, _time);
            token = _source.Token;
            // A timer that is running for an exchange before this one looks at the clock when it fires and goes on: setting it twice
            // an exchange would cost more than the exchange's own bytes.
            if (_timerTimestamp > _dueTimestamp)
                SetTimer(timeout);
        }

        _outer = outer.UnsafeRegister(static state => ((Deadline)state!).Expire(), this);
        return token;
    }

    /// <summary>Ends the exchange: a timer that fires from now on does nothing.</summary>
    public void Stop()
    {
        _outer.Dispose();
        lock (_gate)
            _armed = false;
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void OnTimer()
    {
        lock (_gate)
        {
            _timerTimestamp = long.MaxValue;
            // The timer may be an earlier exchange's, and one of whole milliseconds fires a little early.
            if (!_armed)
                return;
            var left = _dueTimestamp - _time.GetTimestamp();
            if (left > 0)
            {
                SetTimer(ReusableDelay.ToTimeSpan(left, _time));
                return;
            }
        }

        Expire();
    }

    private void SetTimer(TimeSpan left)
    {
        _timerTimestamp = _dueTimestamp;
        _timer.Change(ReusableDelay.Milliseconds(left), Timeout.InfiniteTimeSpan);
    }

    private void Expire()
    {
        CancellationTokenSource source;
        lock (_gate)
        {
            if (!_armed)
                return;
            _armed = false;
            _spent = true;
            source = _source;
        }

        source.Cancel();
    }
}
