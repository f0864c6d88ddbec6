using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers;

/// <summary>Where samples go. Called from one meter's acquisition loop; must not block and must not throw.</summary>
public interface ISampleSink
{
    /// <summary>A sample of the trace at this index of <see cref="AcquisitionRequest.Traces"/>.</summary>
    void Accept(int trace, in RawSample sample);

    /// <summary>Something happened on the wire: a retry, a failure, a reconnection. In words for a log, with the instant.</summary>
    void Report(AcquisitionEvent acquisitionEvent);
}
