using System.Runtime.CompilerServices;

using Microsoft.Win32.SafeHandles;

namespace MeterLab.MeterDrivers.Links;

/// <summary>
/// Waits until moments of a <see cref="TimeProvider"/> for the silences of a serial line, which are a few milliseconds long: by the
/// kernel's own timer (timerfd_create(2)) to some tens of microseconds, where <see cref="ReusableDelay"/> is late by up to two
/// milliseconds; by that one where there is no such timer, or time is not the system's. Allocates nothing a wait. One wait at a time.
/// </summary>
internal sealed class LinePause(TimeProvider time) : IDisposable
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly ReusableDelay _coarse = new(time);
    private readonly byte[] _expirations = new byte[sizeof(ulong)];
    private SerialDescriptor? _timer;
    private bool _tried;

    /// <summary>Waits until <see cref="TimeProvider.GetTimestamp"/> reaches this; returns at once where it has.</summary>
    public ValueTask UntilAsync(long timestamp, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        if (time.GetTimestamp() >= timestamp)
            return ValueTask.CompletedTask;
        return Timer() is { } timer && Set(timer, timestamp)
            ? ExactlyAsync(timer, timestamp, cancellationToken)
            : _coarse.UntilAsync(timestamp, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer?.Dispose();
        _coarse.Dispose();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ExactlyAsync(SerialDescriptor timer, long timestamp, CancellationToken cancellationToken)
    {
        await timer.ReadAsync(_expirations, cancellationToken).ConfigureAwait(false);
        // Both clocks are one; should they ever not be, the silence is kept all the same.
        if (time.GetTimestamp() < timestamp)
            await _coarse.UntilAsync(timestamp, cancellationToken).ConfigureAwait(false);
    }

    // Made when it is first needed: most wires are not serial lines of this host.
    private SerialDescriptor? Timer()
    {
        if (_tried)
            return _timer;
        _tried = true;
        if (!OperatingSystem.IsLinux() || time != TimeProvider.System || time.TimestampFrequency != NanosecondsPerSecond)
            return null;
        var descriptor = SerialNative.CreateTimer(SerialNative.MonotonicClock, SerialNative.NonBlocking | SerialNative.CloseOnExec);
        return _timer = descriptor < 0 ? null : new SerialDescriptor(new SafeFileHandle(descriptor, ownsHandle: true));
    }

    // On Linux a stamp of the system's time provider is its monotonic clock, ns.
    private static bool Set(SerialDescriptor timer, long timestamp)
    {
        var moment = new SerialNative.TimerSetting
        {
            Seconds = (nint)(timestamp / NanosecondsPerSecond),
            Nanoseconds = (nint)(timestamp % NanosecondsPerSecond),
        };
        return SerialNative.SetTimer(timer.Handle, SerialNative.AbsoluteTime, moment, 0) == 0;
    }
}
