using System.Diagnostics;
using System.Globalization;

using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers;
using MeterLab.MeterDrivers.Serial.PowerSensor3;

namespace MeterLab.Benchmarks.PowerSensor3;

/// <summary>
/// A PowerSensor3's stream (20 kHz, eight sensors) on one core: the frames alone, and all the way to samples of four pairs and their total,
/// each beside a plain C loop over the same bytes that does the same to them and checks nothing.
/// </summary>
internal static class PowerSensor3Benchmark
{
    private const int Rounds = 10;
    private const int Passes = 5;
    private const int SetsPerSecond = 20_000;
    private const int StreamSeconds = 20;
    private const int ReadLength = 4096;
    private const double LeastTimesRealTime = 100;
    private const double LeastShare = 1.0 / 3;

    private static readonly PowerSensor3Sensor Current = new("current", "rail", 10f / 50, 3.3f / 1023 * 50, true);
    private static readonly PowerSensor3Sensor Voltage = new("voltage", "rail", 0, 3.3f / 1023 * 40, true);

    private static IEnumerable<string> Scales => [Text(Current.Scale), Text(Current.Offset), Text(Voltage.Scale), Text(Voltage.Offset)];

    /// <summary>Measures; 1 where a bound is not kept.</summary>
    public static int Run()
    {
        var bytes = MakeStream();
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, bytes);
            using var loop = new CPeer(["tests", "Benchmarks", "PowerSensor3", "plain_loop.c"], "-lm");
            return Measure(bytes, (what, sum) => loop.Measure([file, Text(Passes), what, Text(sum), .. what == "watts" ? Scales : []]));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static int Measure(byte[] bytes, Func<string, double, double> plainLoop)
    {
        var (levels, watts) = Sums(bytes);
        var medians = Benchmarks.Rounds.Medians(
            Rounds, () => plainLoop("levels", levels), () => Time(() => Frames(bytes), levels, 0), () => plainLoop("watts", watts), () => Time(() => Samples(bytes), watts, 1e-9));
        Benchmarks.Rounds.Say($"PowerSensor3, {StreamSeconds} s of stream ({bytes.Length / 1e6:0.0} MB), medians of {Rounds} rounds in turns of {Passes} passes, one core:");
        var kept = Judge("frames", medians[1], medians[0]) & Judge("samples", medians[3], medians[2]);
        return Benchmarks.Rounds.Judge(kept);
    }

    private static bool Judge(string what, double seconds, double loopSeconds)
    {
        const double Real = (double)StreamSeconds * Passes;
        Benchmarks.Rounds.Say(
            $"  {what,-8} {Real / seconds,7:0} x real time, at least {LeastTimesRealTime:0}; plain C loop {Real / loopSeconds:0} x, {loopSeconds / seconds:0.00} of it, at least {LeastShare:0.00}");
        return Real / seconds >= LeastTimesRealTime && loopSeconds / seconds >= LeastShare;
    }

    private static double Time(Func<double> pass, double expected, double tolerance)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Passes; i++)
        {
            var sum = pass();
            if (Math.Abs(sum - expected) > tolerance * Math.Abs(expected))
                throw new InvalidOperationException($"A pass summed {sum} where {expected} is right.");
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Frames(byte[] bytes)
    {
        var parser = new PowerSensor3Parser();
        var sum = 0L;
        for (var at = 0; at < bytes.Length; at += ReadLength)
        {
            ReadOnlySpan<byte> read = bytes.AsSpan(at, Math.Min(ReadLength, bytes.Length - at));
            while (parser.TryNext(ref read))
            {
                sum += parser.Stamp;
                foreach (var level in parser.Levels)
                    sum += level;
            }
        }

        return sum;
    }

    private static double Samples(byte[] bytes)
    {
        PowerSensor3Sensor[] sensors = [Current, Voltage, Current, Voltage, Current, Voltage, Current, Voltage];
        var sink = new SummingSink(total: 4);
        var statistics = new AcquisitionStatistics();
        var stream = new PowerSensor3Stream(PowerSensor3Pair.Of(sensors), [0, 1, 2, 3, 4], 1, statistics, sink);
        var nowNs = 0L;
        for (var at = 0; at < bytes.Length; at += ReadLength)
        {
            var read = bytes.AsSpan(at, Math.Min(ReadLength, bytes.Length - at));
            var afterNs = nowNs + read.Length * (1_000_000_000L / SetsPerSecond) / PowerSensor3Parser.SetLength;
            stream.Take(read, nowNs, afterNs);
            nowNs = afterNs;
        }

        if (sink.Samples != 5L * SetsPerSecond * StreamSeconds || statistics.Lost != 0)
            throw new InvalidOperationException($"{sink.Samples} samples came of a sound stream, and {statistics.Lost} sets were called lost.");
        return sink.Sum;
    }

    // By other means than either competitor: straight from what the stream was made of.
    private static (double Levels, double Watts) Sums(byte[] bytes)
    {
        double levels = 0, watts = 0;
        for (var set = 0; set < bytes.Length; set += PowerSensor3Parser.SetLength)
        {
            var values = Enumerable.Range(0, 9).Select(pair => ((bytes[set + 2 * pair] & 0xF) << 6) | (bytes[set + 2 * pair + 1] & 0x3F)).ToArray();
            levels += values.Sum();
            for (var pair = 0; pair < 4; pair++)
                watts += (values[1 + 2 * pair] * Current.Scale + Current.Offset) * (values[2 + 2 * pair] * Voltage.Scale + Voltage.Offset);
        }

        return (levels, watts);
    }

    private static byte[] MakeStream()
    {
        var random = new Random(3);
        var bytes = new byte[SetsPerSecond * StreamSeconds * PowerSensor3Parser.SetLength];
        for (var set = 0; set < SetsPerSecond * StreamSeconds; set++)
        {
            var place = bytes.AsSpan(set * PowerSensor3Parser.SetLength, PowerSensor3Parser.SetLength);
            Put(place, 7, set * (1_000_000 / SetsPerSecond) & 1023, 0x40);
            for (var sensor = 0; sensor < PowerSensor3Parser.Sensors; sensor++)
                Put(place[(2 + 2 * sensor)..], sensor, random.Next(1, 1023), 0);
        }

        return bytes;
    }

    private static void Put(Span<byte> pair, int sensor, int level, int marker) =>
        (pair[0], pair[1]) = ((byte)(0x80 | (sensor << 4) | (level >> 6)), (byte)(marker | (level & 0x3F)));

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private sealed class SummingSink(int total) : ISampleSink
    {
        public double Sum { get; private set; }

        public long Samples { get; private set; }

        public void Accept(int trace, in RawSample sample)
        {
            Samples++;
            if (trace == total)
                Sum += BitConverter.Int64BitsToDouble(sample.Code);
        }

        public void Report(AcquisitionEvent acquisitionEvent) => throw new InvalidOperationException(acquisitionEvent.Detail);
    }
}
