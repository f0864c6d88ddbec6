using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace MeterLab.MeterDrivers.Serial.PowerSensor3;

/// <summary>
/// One record of the device's configuration, 41 bytes, little endian: type (16 characters, zero-terminated), name of the pair (16), reference
/// voltage (single), sensitivity (single), in use (byte). Even sensors measure current (sensitivity in V/A), odd ones voltage (ratio).
/// value = (3.3 V x level / 1023 - reference) / sensitivity; the sensitivity's sign is the polarity.
/// </summary>
internal sealed record PowerSensor3Sensor(string Type, string PairName, float Reference, float Sensitivity, bool InUse)
{
    /// <summary>Bytes of a record.</summary>
    internal const int RecordLength = 41;

    /// <summary>The converter's largest level.</summary>
    internal const int FullScale = 1023;

    /// <summary>The longest type or name of a pair that a person may write, in characters: a zero ends it.</summary>
    internal const int LongestText = TextLength - 1;

    private const int TextLength = 16;

    private const double SupplyVolts = 3.3;

    /// <summary>A or V a level.</summary>
    internal double Scale => SupplyVolts / FullScale / Sensitivity;

    /// <summary>A or V at level 0.</summary>
    internal double Offset => -Reference / (double)Sensitivity;

    /// <summary>Whether its values can be used at all.</summary>
    internal bool IsSound => float.IsFinite(Reference) && float.IsFinite(Sensitivity) && Sensitivity != 0;

    /// <summary>Reads a record.</summary>
    internal static PowerSensor3Sensor Parse(ReadOnlySpan<byte> record) => new(
        Text(record[..TextLength]),
        Text(record[TextLength..(2 * TextLength)]),
        BinaryPrimitives.ReadSingleLittleEndian(record[32..]),
        BinaryPrimitives.ReadSingleLittleEndian(record[36..]),
        record[40] != 0);

    /// <summary>The record to write.</summary>
    internal byte[] ToRecord()
    {
        var record = new byte[RecordLength];
        Encoding.Latin1.GetBytes(Type, record.AsSpan(0, TextLength));
        Encoding.Latin1.GetBytes(PairName, record.AsSpan(TextLength, TextLength));
        BinaryPrimitives.WriteSingleLittleEndian(record.AsSpan(32), Reference);
        BinaryPrimitives.WriteSingleLittleEndian(record.AsSpan(36), Sensitivity);
        record[40] = InUse ? (byte)1 : (byte)0;
        return record;
    }

    /// <summary>Whether a person's text has room in a record and is of plain characters.</summary>
    internal static bool Fits(string text) => text.Length <= LongestText && text.All(c => c is >= ' ' and <= '~');

    /// <summary>All of it in words, so that two that differ in anything read differently.</summary>
    public override string ToString() => InUse
        ? string.Create(CultureInfo.InvariantCulture, $"{Type} '{PairName}', reference {Reference:R} V, sensitivity {Sensitivity:R}")
        : "not in use";

    // A character a byte, whatever it is: what is read and written back stays as it is.
    private static string Text(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)0);
        return Encoding.Latin1.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
