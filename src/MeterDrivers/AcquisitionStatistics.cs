namespace MeterLab.MeterDrivers;

/// <summary>Counts of one meter's wire. Written by the acquisition loop, read by anybody.</summary>
public sealed class AcquisitionStatistics
{
    private long _exchanges;
    private long _retries;
    private long _lost;
    private long _reconnections;
    private long _resynchronisations;
    private long _timeouts;
    private long _corrupted;
    private long _refusals;
    private long _backOffs;
    private long _lateReplies;

    /// <summary>Exchanges begun (polls), or frames received (streams).</summary>
    public long Exchanges => Interlocked.Read(ref _exchanges);

    /// <summary>Exchanges repeated.</summary>
    public long Retries => Interlocked.Read(ref _retries);

    /// <summary>Samples lost for good.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Links reopened.</summary>
    public long Reconnections => Interlocked.Read(ref _reconnections);

    /// <summary>Streams resynchronised.</summary>
    public long Resynchronisations => Interlocked.Read(ref _resynchronisations);

    /// <summary>Tries that ended without an answer.</summary>
    public long Timeouts => Interlocked.Read(ref _timeouts);

    /// <summary>Tries whose answer was damaged.</summary>
    public long Corrupted => Interlocked.Read(ref _corrupted);

    /// <summary>Tries that the device refused or answered wrongly.</summary>
    public long Refusals => Interlocked.Read(ref _refusals);

    /// <summary>Pauses that were made because the device stayed silent.</summary>
    public long BackOffs => Interlocked.Read(ref _backOffs);

    /// <summary>Answers that came too late for their request, or to nobody, and were dropped.</summary>
    public long LateReplies => Interlocked.Read(ref _lateReplies);

    internal void CountExchange(int exchanges = 1) => Interlocked.Add(ref _exchanges, exchanges);

    internal void CountRetry() => Interlocked.Increment(ref _retries);

    internal void CountLost(long samples = 1) => Interlocked.Add(ref _lost, samples);

    internal void CountReconnection() => Interlocked.Increment(ref _reconnections);

    internal void CountResynchronisation() => Interlocked.Increment(ref _resynchronisations);

    internal void CountLateReply() => Interlocked.Increment(ref _lateReplies);

    internal void CountBackOff() => Interlocked.Increment(ref _backOffs);

    internal void CountFailure(Exception failure)
    {
        switch (failure)
        {
            case LinkException { Failure: LinkFailure.TimedOut }:
                Interlocked.Increment(ref _timeouts);
                break;
            case LinkException { Failure: LinkFailure.Corrupt }:
                Interlocked.Increment(ref _corrupted);
                break;
            case MeterException:
                Interlocked.Increment(ref _refusals);
                break;
        }
    }
}
