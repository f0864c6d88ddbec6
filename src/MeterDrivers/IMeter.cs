using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers;

/// <summary>
/// One opened meter. One owner at a time: calls do not overlap. Every exchange has a deadline of its own, besides the token.
/// Failures are <see cref="LinkException"/> (the wire) and <see cref="MeterException"/> (what the device said).
/// </summary>
public interface IMeter : IAsyncDisposable
{
    /// <summary>Its address, printable.</summary>
    MeterUri Uri { get; }

    /// <summary>The model's data sheet.</summary>
    MeterFacts Facts { get; }

    /// <summary>
    /// What can be recorded: active power and energy registers, by channel. The meter name in each <see cref="ChannelId"/>
    /// is the one that the opener was given.
    /// </summary>
    IReadOnlyList<TraceDescription> Traces { get; }

    /// <summary>What happened on the wire since it was opened.</summary>
    AcquisitionStatistics Statistics { get; }

    /// <summary>Asks the device what it is, and refuses a stranger with a <see cref="MeterException"/>.</summary>
    Task<MeterIdentity> IdentifyAsync(CancellationToken cancellationToken);

    /// <summary>Reads every channel and quantity once. No retries.</summary>
    Task<IReadOnlyList<MeterReading>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Records the asked traces into <paramref name="sink"/> until cancelled (which is the normal end and does not throw).
    /// Failed exchanges are retried here and nowhere else, counted in <see cref="Statistics"/>, reported to the sink and
    /// visible as <see cref="SampleFlags.Gap"/>; a lost link is reopened with back-off. No allocation a sample in steady state.
    /// </summary>
    Task AcquireAsync(AcquisitionRequest request, ISampleSink sink, CancellationToken cancellationToken);
}
