using MeterLab.MeterDrivers.Fields;

namespace MeterLab.MeterDrivers.Serial.Telegrams;

/// <summary>What a decoder found.</summary>
internal enum TelegramVerdict
{
    /// <summary>the bytes ran out within a telegram or before one</summary>
    NeedMore,

    /// <summary>a whole and sound telegram: its values are set</summary>
    Telegram,

    /// <summary>a telegram that had begun is damaged and given up; the next one is looked for</summary>
    Damaged,
}

/// <summary>
/// Finds a meter's telegrams in a stream of bytes, at any split of them. What is not whole and sound is never taken. Bounded, and without an
/// allocation for a telegram.
/// </summary>
internal interface ITelegramDecoder
{
    /// <summary>Whether a telegram has begun and not ended.</summary>
    bool HasBegun { get; }

    /// <summary>The values of the telegram just found, in the order of the protocol's fields; what it does not hold is not available.</summary>
    ReadOnlySpan<FieldCode> Values { get; }

    /// <summary>Reads on to the end of a telegram. What was read is taken off <paramref name="bytes"/>.</summary>
    TelegramVerdict TryNext(ref ReadOnlySpan<byte> bytes);

    /// <summary>Forgets a telegram begun: what comes next is another stream.</summary>
    void Reset();
}
