using MeterLab.MeterDrivers.Links;

namespace MeterLab.MeterDrivers.Scpi;

/// <summary>How an instrument is reached.</summary>
/// <param name="Name">For messages: <c>10.0.0.20:5025</c>, <c>/dev/ttyUSB1</c>.</param>
/// <param name="IsNetwork">Whether a new connection is cheap and leaves late answers behind.</param>
/// <param name="Timeout">How long to wait for an answer.</param>
/// <param name="CharacterTime">What one character takes on a serial line; zero on a network.</param>
/// <param name="Open">Opens the wire.</param>
internal sealed record ScpiWire(
    string Name, bool IsNetwork, TimeSpan Timeout, TimeSpan CharacterTime, Func<CancellationToken, ValueTask<IByteLink>> Open);
