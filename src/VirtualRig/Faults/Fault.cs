namespace MeterLab.VirtualRig.Faults;

/// <summary>What goes wrong on a wire.</summary>
public enum FaultKind
{
    /// <summary>bits of one byte of the reply are turned over after its checksum was computed (on TCP and I2C nothing reveals it)</summary>
    Corrupt,

    /// <summary>the CRC of an RTU frame, or the transaction number of a TCP frame, is wrong; elsewhere the last byte</summary>
    WrongChecksum,

    /// <summary>the reply comes late</summary>
    Delay,

    /// <summary>the reply ends early; on I2C the rest reads as ones</summary>
    Truncate,

    /// <summary>a Modbus exception instead of a reply; on I2C the byte is not acknowledged; on a stream nothing</summary>
    Exception,

    /// <summary>no reply at all</summary>
    Silence,

    /// <summary>the connection is closed, the adapter unplugged, the chip gone; restored after <see cref="Fault.For"/></summary>
    Cut,
}

/// <summary>
/// One fault on one wire. It begins either at the n-th exchange (<see cref="AtExchange"/>) or at a time (<see cref="At"/>), and lasts for
/// a number of exchanges or, where <see cref="For"/> is given, for a time. An exchange is one request of a host, or one piece of a stream.
/// </summary>
public sealed record Fault
{
    /// <summary>The wire: the name of the meter, or of the bus that several meters share.</summary>
    public required string Wire { get; init; }

    /// <summary>What goes wrong.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>The first exchange that it hits, counted from 1 since the wire was started; null to go by time.</summary>
    public long? AtExchange { get; init; }

    /// <summary>When it begins, since the rig was started; for faults without <see cref="AtExchange"/>.</summary>
    public TimeSpan At { get; init; }

    /// <summary>How many exchanges it hits where <see cref="For"/> is zero.</summary>
    public int Exchanges { get; init; } = 1;

    /// <summary>How long it lasts; zero goes by <see cref="Exchanges"/>. A cut without one lasts a second.</summary>
    public TimeSpan For { get; init; }

    /// <summary>How late the reply comes, for <see cref="FaultKind.Delay"/>.</summary>
    public TimeSpan Late { get; init; }

    /// <summary>The byte that is corrupted (from 0), the bytes that are left of a truncated reply, or the exception's code.</summary>
    public int Parameter { get; init; } = 2;
}
