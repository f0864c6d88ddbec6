namespace MeterLab.Measurement.Samples;

/// <summary>
/// What a meter said, once: a code whose meaning is the trace's <see cref="RawScale"/>, bracketed by the lab's line.
/// Written to the store as it is and never changed.
/// </summary>
/// <param name="BeforeNs">
/// Host monotonic, ns, just before the exchange that brought it; for a meter that tells when a value is new, the latest moment before which
/// the value certainly was not there yet.
/// </param>
/// <param name="AfterNs">Host monotonic, ns, just after; for such a meter, the earliest moment at which it certainly was there.</param>
/// <param name="DeviceNs">The meter's own clock, ns, unwrapped; 0 where the meter has none.</param>
/// <param name="Code">The raw code.</param>
/// <param name="Flags">What is peculiar about it.</param>
public readonly record struct RawSample(long BeforeNs, long AfterNs, long DeviceNs, long Code, SampleFlags Flags);
