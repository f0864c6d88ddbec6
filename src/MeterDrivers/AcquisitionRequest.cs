namespace MeterLab.MeterDrivers;

/// <summary>What to record.</summary>
/// <param name="Traces">Indices into <see cref="IMeter.Traces"/>.</param>
/// <param name="Interval">Time between polls; null takes the model's own (a fraction of its update period). Streaming meters ignore it.</param>
public sealed record AcquisitionRequest(IReadOnlyList<int> Traces, TimeSpan? Interval = null);
