using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers.Serial.PowerSensor3;

/// <summary>The means of a short stretch of stream, for a single reading. Power is the mean of products, not the product of means.</summary>
internal sealed class PowerSensor3Mean(PowerSensor3Pair[] pairs)
{
    private readonly PowerSensor3Parser _parser = new();
    private readonly double[] _amperes = new double[pairs.Length];
    private readonly double[] _volts = new double[pairs.Length];
    private readonly double[] _watts = new double[pairs.Length];
    private readonly SampleFlags[] _flags = new SampleFlags[pairs.Length];
    private int _sets;
    private int _lastStamp;
    private long _elapsedUs;

    /// <summary>The time that the sets so far span by their own stamps, s.</summary>
    internal double Seconds => _elapsedUs * 1e-6;

    /// <summary>Adds what a read brought.</summary>
    internal void Take(ReadOnlySpan<byte> bytes)
    {
        while (_parser.TryNext(ref bytes))
        {
            if (_sets++ > 0)
                _elapsedUs += (_parser.Stamp - _lastStamp) & 0x3FF;
            _lastStamp = _parser.Stamp;
            for (var i = 0; i < pairs.Length; i++)
            {
                var amperes = pairs[i].AmperesOf(_parser.Levels);
                var volts = pairs[i].VoltsOf(_parser.Levels);
                _amperes[i] += amperes;
                _volts[i] += volts;
                _watts[i] += amperes * volts;
                _flags[i] |= pairs[i].FlagsOf(_parser.Levels);
            }
        }
    }

    /// <summary>The readings, at least one set having been taken.</summary>
    internal IReadOnlyList<MeterReading> Readings(MeterFacts facts)
    {
        List<MeterReading> readings = [];
        var all = SampleFlags.None;
        for (var i = 0; i < pairs.Length; i++)
        {
            all |= _flags[i];
            Add(pairs[i].Channel, Quantity.ActivePower, _watts[i], _flags[i]);
            Add(pairs[i].Channel, Quantity.Voltage, _volts[i], _flags[i]);
            Add(pairs[i].Channel, Quantity.Current, _amperes[i], _flags[i]);
        }

        Add("total", Quantity.ActivePower, _watts.Sum(), all);
        return readings;

        void Add(string channel, Quantity quantity, double sum, SampleFlags flags)
        {
            // A level at the end of its scale says only that the true value lies beyond.
            double? value = flags == SampleFlags.None ? sum / _sets : null;
            readings.Add(new MeterReading(channel, quantity, value, facts.Accuracy.GetValueOrDefault(quantity), flags));
        }
    }
}
