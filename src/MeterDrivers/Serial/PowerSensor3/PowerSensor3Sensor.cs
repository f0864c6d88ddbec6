using System.Buffers.Binary;
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

    private const double SupplyVolts = 3.3;

    /// <summary>A or V a level.</summary>
    internal double Scale => SupplyVolts / FullScale / Sensitivity;

    /// <summary>A or V at level 0.</summary>
    internal double Offset => -Reference / (double)Sensitivity;

    /// <summary>Whether its values can be used at all.</summary>
    internal bool IsSound => float.IsFinite(Reference) && float.IsFinite(Sensitivity) && Sensitivity != 0;

    /// <summary>Reads a record.</summary>
    internal static PowerSensor3Sensor Parse(ReadOnlySpan<byte> record) => new(
        Text(record[..16]),
        Text(record[16..32]),
        BinaryPrimitives.ReadSingleLittleEndian(record[32..]),
        BinaryPrimitives.ReadSingleLittleEndian(record[36..]),
        record[40] != 0);

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
