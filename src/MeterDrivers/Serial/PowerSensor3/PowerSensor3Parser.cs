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
