using System.Buffers.Binary;
using System.Text;

using MeterLab.VirtualRig.Meters;

namespace MeterLab.VirtualRig.Wires;

/// <summary>The eight configuration records of a PowerSensor3, 41 bytes each: even ones current, odd ones voltage of a pair.</summary>
internal static class PowerSensor3Records
{
    /// <summary>Bytes of one record: type 16, pair name 16, vref and sensitivity as singles, in use.</summary>
    public const int Length = 41;

    /// <summary>Sensors of a device.</summary>
    public const int Sensors = 8;

    /// <summary>The records as flashed for these pairs; sensors without a pair are not in use.</summary>
    public static byte[] Of(IReadOnlyList<AnalogPair> pairs)
    {
        var records = new byte[Sensors * Length];
        for (var sensor = 0; sensor < Sensors; sensor++)
        {
            var record = records.AsSpan(sensor * Length, Length);
            if (sensor / 2 >= pairs.Count)
            {
                Write(record, "none", "", 0, 1, inUse: false);
                continue;
            }

            var pair = pairs[sensor / 2];
            if (sensor % 2 == 0)
                Write(record, pair.CurrentSensor, pair.Name, AnalogPair.CurrentZeroVolts, pair.CurrentSensitivity, inUse: true);
            else
                Write(record, "divider", pair.Name, 0, AnalogPair.VoltageGain, inUse: true);
        }

        return records;
    }

    private static void Write(Span<byte> record, string type, string pair, double vref, double sensitivity, bool inUse)
    {
        // Names end in at least one zero byte.
        Encoding.ASCII.GetBytes(type.AsSpan(0, Math.Min(15, type.Length)), record);
        Encoding.ASCII.GetBytes(pair.AsSpan(0, Math.Min(15, pair.Length)), record[16..]);
        BinaryPrimitives.WriteSingleLittleEndian(record[32..], (float)vref);
        BinaryPrimitives.WriteSingleLittleEndian(record[36..], (float)sensitivity);
        record[40] = inUse ? (byte)1 : (byte)0;
    }
}
