namespace MeterLab.MeterDrivers;

/// <summary>Counts of one meter's wire. Written by the acquisition loop, read by anybody.</summary>
public sealed class AcquisitionStatistics
{
    private long _exchanges;
    private long _retries;
    private long _lost;
    private long _reconnections;
    private long _resynchronisations;

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

    internal void CountExchange() => Interlocked.Increment(ref _exchanges);

    internal void CountRetry() => Interlocked.Increment(ref _retries);

    internal void CountLost(long samples = 1) => Interlocked.Add(ref _lost, samples);

    internal void CountReconnection() => Interlocked.Increment(ref _reconnections);

    internal void CountResynchronisation() => Interlocked.Increment(ref _resynchronisations);
}
