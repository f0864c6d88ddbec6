using System.Threading.Tasks.Sources;

namespace MeterLab.MeterDrivers.Links;

/// <summary>
/// One waiter for one direction of a line, used again and again without allocation. Readiness, cancellation and closing
/// race for it; the first wins, and the reader then runs on the thread pool, never on the poller's thread.
/// </summary>
internal sealed class SerialWait : IValueTaskSource, IThreadPoolWorkItem
{
    private const int Idle = 0;
    private const int Waiting = 1;
    private const int Won = 2;

    private ManualResetValueTaskSourceCore<bool> _core;
    private int _state;

    /// <summary>Whether somebody waits.</summary>
    internal bool IsWaiting => Volatile.Read(ref _state) == Waiting;

    /// <summary>Begins a wait. A second one at the same time is a programming error.</summary>
    internal ValueTask Begin()
    {
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) != Idle)
            throw new InvalidOperationException("Two calls in the same direction of one serial line overlap.");
        return new ValueTask(this, _core.Version);
    }

    /// <summary>Wakes the waiter, if there is one. Why it woke is for the waiter to find out.</summary>
    internal void Wake()
    {
        if (Interlocked.CompareExchange(ref _state, Won, Waiting) == Waiting)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => _core.SetResult(true);

    void IValueTaskSource.GetResult(short token)
    {
        _core.GetResult(token);
        _core.Reset();
        Volatile.Write(ref _state, Idle);
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
