namespace MeterLab.MeterDrivers.Serial;

/// <summary>Brings back a device that streams by itself and went away: tries at pauses that grow, for as long as it is away.</summary>
/// <param name="time">The pauses.</param>
/// <param name="statistics">Counts the device's return.</param>
/// <param name="close">Lets go of the line.</param>
/// <param name="connect">Opens it anew. Throws <see cref="LinkException"/> where it is not back, <see cref="MeterException"/> where another device is.</param>
internal sealed class Reconnection(TimeProvider time, AcquisitionStatistics statistics, Func<ValueTask> close, Func<CancellationToken, Task> connect)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Returns when the device is back. Each reason is reported once, not once each try; <paramref name="told"/> is the one that was.</summary>
    public async Task RunAsync(string told, Action<AcquisitionEventKind, string> report, CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        while (true)
        {
            await close().ConfigureAwait(false);
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            try
            {
                await connect(cancellationToken).ConfigureAwait(false);
                statistics.CountReconnection();
                report(AcquisitionEventKind.Reconnected, "the device is back");
                return;
            }
            catch (Exception e) when (e is LinkException or MeterException)
            {
                if (e.Message != told)
                    report(AcquisitionEventKind.Disconnected, e.Message);
                told = e.Message;
            }
        }
    }
}
