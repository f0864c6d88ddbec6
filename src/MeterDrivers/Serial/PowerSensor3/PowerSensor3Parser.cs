using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MeterLab.MeterDrivers.Serial.PowerSensor3;

/// <summary>
/// Finds sets in a PowerSensor3's stream (protocol of firmware 1.6.1). A set is nine pairs of bytes: the time stamp, then sensors 0 to 7.
/// Pair: <c>1 iii aaaa</c>, <c>0 m bbbbbb</c>; i sensor, m marker, level <c>aaaabbbbbb</c>; sensor 7 with m is the time stamp. Where a byte is
/// not in its place the set is given up and the next time stamp is looked for. Works at any split of the bytes and never allocates.
/// </summary>
internal sealed class PowerSensor3Parser
{
    /// <summary>Sensors of a device.</summary>
    internal const int Sensors = 8;

    /// <summary>Bytes of a set.</summary>
    internal const int SetLength = 18;

    private const int NoSet = -1;

    // A whole set at once, two bytes of a pair to sixteen bits, the first below: what must stand where in the time stamp and sensors 0
    // to 2, in sensors 3 to 6, and in sensor 7, which with a marker would be a time stamp; and the two parts of a level.
    private const ulong FirstMask = 0x80F0_80F0_80F0_C0F0;
    private const ulong FirstFrame = 0x00A0_0090_0080_40F0;
    private const ulong NextMask = 0x80F0_80F0_80F0_80F0;
    private const ulong NextFrame = 0x00E0_00D0_00C0_00B0;
    private const uint LastMask = 0xC0F0;
    private const uint LastFrame = 0x00F0;
    private const ulong UpperBits = 0x000F_000F_000F_000F;
    private const ulong LowerBits = 0x003F_003F_003F_003F;
    private const ulong FirstMarkers = 0x4000_4000_4000_0000;
    private const ulong NextMarkers = 0x4000_4000_4000_4000;

    private readonly ushort[] _levels = new ushort[Sensors];
    private int _first = NoSet;
    private int _expected = NoSet;
    private int _stamp;
    private bool _marker;
    private bool _damaged;

    /// <summary>The levels of the set just found, 0 to 1023, by sensor.</summary>
    internal ReadOnlySpan<ushort> Levels => _levels;

    /// <summary>The set's time stamp, us modulo 1024.</summary>
    internal int Stamp { get; private set; }

    /// <summary>Whether the host's marker is on the set just found.</summary>
    internal bool Marker { get; private set; }

    /// <summary>Whether bytes were out of place between the last set and this one.</summary>
    internal bool Damaged { get; private set; }

    /// <summary>Forgets a set begun: what comes next is another stream.</summary>
    internal void Reset()
    {
        (_first, _expected) = (NoSet, NoSet);
        _damaged = false;
    }

    /// <summary>
    /// Reads on until the end of a set; true with the set in the properties, false where <paramref name="bytes"/> ran out. What was read is
    /// taken off <paramref name="bytes"/>.
    /// </summary>
    internal bool TryNext(ref ReadOnlySpan<byte> bytes)
    {
        if (TryWhole(bytes))
        {
            bytes = bytes[SetLength..];
            return true;
        }

        while (!bytes.IsEmpty)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            var isFirst = (next & 0x80) != 0;
            if (_first < 0 || isFirst)
            {
                // A second half without a first, or a first half in place of a second.
                if (_first >= 0 || !isFirst)
                    GiveUp();
                _first = isFirst ? next : NoSet;
                continue;
            }

            var sensor = (_first >> 4) & 7;
            var level = ((_first & 0xF) << 6) | (next & 0x3F);
            _first = NoSet;
            if (Take(sensor, level, (next & 0x40) != 0))
                return true;
        }

        return false;
    }

    // Nearly every set comes undamaged and in one piece; what does not is left to the loop, which goes byte by byte.
    private bool TryWhole(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < SetLength || _first >= 0 || _expected >= 0 || !BitConverter.IsLittleEndian)
            return false;
        var first = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        var next = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        uint last = BinaryPrimitives.ReadUInt16LittleEndian(bytes[16..]);
        if ((first & FirstMask) != FirstFrame || (next & NextMask) != NextFrame || (last & LastMask) != LastFrame)
            return false;
        Marker = ((first & FirstMarkers) | (next & NextMarkers)) != 0;
        first = LevelsOf(first);
        next = LevelsOf(next);
        Stamp = (ushort)first;
        var levels = MemoryMarshal.AsBytes(_levels.AsSpan());
        BinaryPrimitives.WriteUInt64LittleEndian(levels, (first >> 16) | (next << 48));
        BinaryPrimitives.WriteUInt64LittleEndian(levels[8..], (next >> 16) | (LevelsOf(last) << 48));
        (Damaged, _damaged) = (_damaged, false);
        return true;
    }

    private static ulong LevelsOf(ulong pairs) => ((pairs & UpperBits) << 6) | ((pairs >> 8) & LowerBits);

    private bool Take(int sensor, int level, bool marker)
    {
        if (sensor == Sensors - 1 && marker)
        {
            if (_expected >= 0)
                GiveUp();
            (_stamp, _marker, _expected) = (level, false, 0);
            return false;
        }

        // Before the first time stamp there is nothing to be out of place: a stream may be joined anywhere.
        if (_expected < 0)
            return false;
        if (sensor != _expected)
        {
            GiveUp();
            return false;
        }

        _levels[sensor] = (ushort)level;
        _marker |= marker;
        if (++_expected < Sensors)
            return false;
        _expected = NoSet;
        (Stamp, Marker, Damaged, _damaged) = (_stamp, _marker, _damaged, false);
        return true;
    }

    private void GiveUp()
    {
        _damaged = true;
        _expected = NoSet;
    }
}
