using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers.Tests.Polling;

/// <summary>Keeps what it is given.</summary>
internal sealed class CollectingSink : ISampleSink
{
    private readonly Lock _gate = new();
    private readonly List<(int Trace, RawSample Sample)> _samples = [];
    private readonly List<AcquisitionEvent> _events = [];

    public IReadOnlyList<(int Trace, RawSample Sample)> Samples
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
        lock (_gate)
            _samples.Add((trace, sample));
    }

    public void Report(AcquisitionEvent acquisitionEvent)
    {
        lock (_gate)
            _events.Add(acquisitionEvent);
    }
}
