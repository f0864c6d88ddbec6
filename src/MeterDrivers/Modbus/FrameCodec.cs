namespace MeterLab.MeterDrivers.Modbus;

/// <summary>What a received frame turned out to be.</summary>
internal enum FrameVerdict
{
    /// <summary>an answer to a request of this exchange</summary>
    Reply,

    /// <summary>an answer to an earlier request, come late</summary>
    Stale,

    /// <summary>damaged</summary>
    Corrupt,
}

/// <summary>How protocol data units are framed on a wire: <see cref="TcpCodec"/> and <see cref="RtuCodec"/>. Codecs never retry and never wait.</summary>
internal abstract class FrameCodec
{
    /// <summary>The longest frame of any kind, bytes.</summary>
    public const int MaxFrame = 7 + ModbusRequest.MaxPdu;

    /// <summary>Whether the bytes of a time-out's late answer can be told from those of the next.</summary>
    public abstract bool TellsLateReplies { get; }

    /// <summary>Bytes that the frame adds to a protocol data unit.</summary>
    public abstract int Overhead { get; }

    /// <summary>Begins a new exchange: answers to frames made before it are late from now on.</summary>
    public virtual void Begin()
    {
        // Serial frames carry no number.
    }

    /// <summary>Frames a request; returns the frame's length.</summary>
    public abstract int Encode(byte unit, ReadOnlySpan<byte> pdu, Span<byte> frame);

    /// <summary>
    /// The length of the frame that begins here, as far as these bytes tell: more than there are while it is incomplete, and
    /// negative where no frame begins so.
    /// </summary>
    public abstract int Needed(ReadOnlySpan<byte> received);

    /// <summary>Looks into a whole frame; <paramref name="index"/> says to which request of the exchange it belongs, from 0.</summary>
    public abstract FrameVerdict Open(ReadOnlySpan<byte> frame, out byte unit, out ReadOnlySpan<byte> pdu, out int index);
}
