namespace MeterLab.VirtualRig.Faults;

/// <summary>One wire's view of the script. Every exchange passes through <see cref="Next"/>.</summary>
internal sealed class FaultGate(FaultScript script, string wire)
{
    private long _exchanges;

    /// <summary>Exchanges so far.</summary>
    public long Exchanges => Interlocked.Read(ref _exchanges);

    /// <summary>Counts one exchange and says what hits it; null for nothing.</summary>
    public Fault? Next() => script.Next(wire, Interlocked.Increment(ref _exchanges));

    /// <summary>Whether the wire is still cut, without counting an exchange.</summary>
    public bool IsCut() => script.IsCut(wire, Exchanges);

    /// <summary>Damages a reply in place and returns its new length. The checksum stands at <paramref name="checksum"/>.</summary>
    public static int Damage(Fault? fault, Span<byte> reply, int checksum)
    {
        switch (fault?.Kind)
        {
            case FaultKind.Corrupt when reply.Length > 0:
                reply[Math.Clamp(fault.Parameter, 0, reply.Length - 1)] ^= 0x55;
                return reply.Length;
            case FaultKind.WrongChecksum when reply.Length > 0:
                reply[Math.Clamp(checksum, 0, reply.Length - 1)] ^= 0x55;
                return reply.Length;
            case FaultKind.Truncate:
                return Math.Clamp(fault.Parameter, 0, reply.Length);
            default:
                return reply.Length;
        }
    }
}
