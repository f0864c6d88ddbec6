using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers.Tests.Polling;

/// <summary>Keeps what it is given; after <paramref name="enough"/> samples <see cref="Enough"/> is cancelled, which ends an acquisition.</summary>
internal sealed class CollectingSink(int enough = int.MaxValue) : ISampleSink
{
    private readonly CancellationTokenSource _enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly Lock _gate = new();
    private readonly List<(int Trace, RawSample Sample)> _samples = [];
    private readonly List<AcquisitionEvent> _events = [];

    public CancellationToken Enough => _enough.Token;

    /// <summary>Called with the number of samples so far.</summary>
    public Action<int>? Accepted { get; set; }

    /// <summary>What has come so far.</summary>
    public List<(int Trace, RawSample Sample)> Samples
    {
        get
        {
            lock (_gate)
                return [.. _samples];
        }
    }

    public IReadOnlyList<AcquisitionEvent> Events
    {
        get
        {
            lock (_gate)
                return [.. _events];
        }
    }

    public void Accept(int trace, in RawSample sample)
    {
        int count;
        lock (_gate)
        {
            _samples.Add((trace, sample));
            count = _samples.Count;
        }

        Accepted?.Invoke(count);
        if (count == enough)
            _enough.Cancel();
    }

    public void Report(AcquisitionEvent acquisitionEvent)
    {
        lock (_gate)
            _events.Add(acquisitionEvent);
    }
}
