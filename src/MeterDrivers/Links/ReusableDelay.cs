using System.Threading.Tasks.Sources;

namespace MeterLab.MeterDrivers.Links;

/// <summary>
/// Waits until moments of a <see cref="TimeProvider"/>, one after another, without allocating for each. One wait at a time.
/// </summary>
internal sealed class ReusableDelay : IValueTaskSource, IDisposable
{
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<bool> _core;
    private CancellationTokenRegistration _registration;
    private long _dueTimestamp;
    private bool _waiting;

    /// <summary>Creates a delay that is not running.</summary>
    public ReusableDelay(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(static state => ((ReusableDelay)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Waits until <see cref="TimeProvider.GetTimestamp"/> reaches this; returns at once where it has.</summary>
    public ValueTask UntilAsync(long timestamp, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        var left = timestamp - _time.GetTimestamp();
        if (left <= 0)
            return ValueTask.CompletedTask;
        short version;
        lock (_gate)
        {
            _core.Reset();
            version = _core.Version;
            _dueTimestamp = timestamp;
            _waiting = true;
            _registration = default;
            _timer.Change(Milliseconds(ToTimeSpan(left, _time)), Timeout.InfiniteTimeSpan);
        }

        var registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((ReusableDelay)state!).Complete(new OperationCanceledException(token)), this);
        lock (_gate)
        {
            if (_core.Version == version && _waiting)
                _registration = registration;
            else
                registration.Unregister();
        }

        return new ValueTask(this, version);
    }

    /// <summary>A time span on the clock of <see cref="TimeProvider.GetTimestamp"/>, rounded up.</summary>
    public static long ToTimestamp(TimeSpan span, TimeProvider time) =>
        (long)(((Int128)span.Ticks * time.TimestampFrequency + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond);

    /// <summary>The inverse of <see cref="ToTimestamp"/>.</summary>
    public static TimeSpan ToTimeSpan(long timestamp, TimeProvider time) =>
        TimeSpan.FromTicks((long)((Int128)timestamp * TimeSpan.TicksPerSecond / time.TimestampFrequency));

    /// <summary>Rounded up to what a timer can do; a fraction of a millisecond cut off would fire early.</summary>
    public static TimeSpan Milliseconds(TimeSpan span) => TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, span.TotalMilliseconds)));

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    /// <inheritdoc/>
    public void GetResult(short token)
    {
        _registration.Unregister();
        _core.GetResult(token);
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            if (!_waiting)
                return;
            var left = _dueTimestamp - _time.GetTimestamp();
            if (left > 0)
            {
                _timer.Change(Milliseconds(ToTimeSpan(left, _time)), Timeout.InfiniteTimeSpan);
                return;
            }
        }

        Complete(null);
    }

    private void Complete(Exception? failure)
    {
        lock (_gate)
        {
            if (!_waiting)
                return;
            _waiting = false;
        }

        // Outside the lock: the waiter goes on right here.
        if (failure is null)
            _core.SetResult(true);
        else
            _core.SetException(failure);
    }
}
