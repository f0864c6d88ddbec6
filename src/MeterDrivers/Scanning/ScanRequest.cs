namespace MeterLab.MeterDrivers.Scanning;

/// <summary>Where to look for meters.</summary>
/// <param name="Place">A meter's address without unit and model: a line, a host, a bus.</param>
public sealed record ScanRequest(MeterUri Place)
{
    /// <summary>The lowest unit to ask on a Modbus line.</summary>
    public int FirstUnit { get; init; } = 1;

    /// <summary>The highest one.</summary>
    public int LastUnit { get; init; } = 32;

    /// <summary>How long to wait for each answer; null takes what suits the wire.</summary>
    public TimeSpan? Timeout { get; init; }
}
