using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers;

/// <summary>
/// What the poller polls: one meter prepared for the traces of one acquisition. A source tries once; retries,
/// counts, gap flags and reconnections belong to the poller.
/// </summary>
internal interface IPolledSource
{
    /// <summary>
    /// Takes one sample of every asked trace into <paramref name="samples"/>, in the order of the request, each bracketed by the
    /// host clock. False where the device has nothing new yet: no sample then, and no loss. Must not allocate in steady state.
    /// Throws <see cref="LinkException"/> or <see cref="MeterException"/>, leaving the line ready for another try.
    /// </summary>
    ValueTask<bool> SampleAsync(Memory<RawSample> samples, CancellationToken cancellationToken);

    /// <summary>
    /// Makes a dead link alive again: closes what is left of it, opens it, and puts the device into the state that acquisition needs.
    /// Throws <see cref="LinkException"/> or <see cref="MeterException"/> where it stays dead.
    /// </summary>
    ValueTask ReopenAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Whether the wire carried answers for others since the last sample was begun: then it is this device that is silent, and opening
    /// the wire anew would only disturb the others.
    /// </summary>
    bool IsLineAlive => false;
}
