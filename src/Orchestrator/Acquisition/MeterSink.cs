using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers;
using MeterLab.Storage.Traces;

namespace MeterLab.Orchestrator.Acquisition;

/// <summary>Takes one meter's samples to the recorder. Never blocks and never throws: what cannot be stored is counted there.</summary>
internal sealed class MeterSink(string meter, IReadOnlyList<TraceInput> inputs, TraceRecorder recorder) : ISampleSink
{
    /// <inheritdoc/>
    public void Accept(int trace, in RawSample sample) => inputs[trace].Accept(sample);

    /// <inheritdoc/>
    public void Report(AcquisitionEvent acquisitionEvent)
    {
        var kind = acquisitionEvent.Kind switch
        {
            AcquisitionEventKind.Retry => "retry",
            AcquisitionEventKind.Lost => "lost",
            AcquisitionEventKind.Disconnected => "disconnected",
            AcquisitionEventKind.Reconnected => "reconnected",
            _ => "resynchronised",
        };
        recorder.Report(meter, kind, acquisitionEvent.MonotonicNs, acquisitionEvent.Detail);
    }
}
