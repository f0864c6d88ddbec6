using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Samples;

namespace MeterLab.Coverage.Clocks;

/// <summary>A meter that stamps its own samples and sends them in batches over something that delays them at random.</summary>
internal static class DeviceClockCase
{
    /// <summary>The kinds of transport in the table.</summary>
    public static IReadOnlyList<string> Transports { get; } = ["usb serial", "polled every millisecond", "busy host", "network", "heavy tail"];

    /// <summary>
    /// Draws a trace of this length (s), with a reset in the middle or none, fits it, and returns the share of samples whose instant lies
    /// within the stated (k = 2) of the true one plus the shortest transit, and the stated, ns.
    /// </summary>
    public static (double Inside, double StatedNs) Draw(Random random, string transport, double seconds, bool reset)
    {
        var (samples, truth) = Trace(random, transport, seconds, reset);
        var fit = DeviceClock.Fit(samples);
        var inside = 0;
        foreach (var piece in fit.Pieces)
        {
            for (var i = piece.Start; i < piece.Start + piece.Count; i++)
                inside += Math.Abs(fit.LineNs[i] - truth[i]) <= 2 * piece.UncertaintyNs ? 1 : 0;
        }

        return (inside / (double)samples.Length, 2 * fit.UncertaintyNs);
    }

    private static (RawSample[] Samples, double[] Truth) Trace(Random random, string transport, double seconds, bool reset)
    {
        const double PeriodNs = 500_000;
        const int Batch = 16;
        var wrong = 200e-6 * (random.NextDouble() - 0.5);
        var shortest = 5e4 + 1e6 * random.NextDouble();
        var offset = 3e12 + 1e9 * random.NextDouble();
        var count = (int)(seconds * 1e9 / PeriodNs / Batch) * Batch;
        var resetAt = reset ? count / 2 / Batch * Batch : -1;
        var samples = new RawSample[count];
        var truth = new double[count];
        double lastArrival = 0;
        for (var batch = 0; batch < count; batch += Batch)
        {
            // The last of a batch is sent at once; its transit is the shortest plus whatever the transport adds. Batches keep their order.
            var sent = offset + (batch + Batch - 1) * PeriodNs;
            lastArrival = Math.Max(lastArrival + 1_000, sent + shortest + Extra(random, transport));
            for (var i = batch; i < batch + Batch; i++)
            {
                truth[i] = offset + i * PeriodNs + shortest;
                var ticks = (resetAt >= 0 && i >= resetAt ? i - resetAt : i) * PeriodNs * (1 - wrong);
                samples[i] = new RawSample((long)lastArrival - 1_000, (long)lastArrival, (long)ticks, 0, i == resetAt ? SampleFlags.Resynchronised : SampleFlags.None);
            }
        }

        return (samples, truth);
    }

    private static double Extra(Random random, string transport) => transport switch
    {
        "usb serial" => 1e6 * random.NextDouble() - 5e4 * Math.Log(1 - random.NextDouble()),
        "polled every millisecond" => 1e6 * random.NextDouble(),
        "busy host" => -2e4 * Math.Log(1 - random.NextDouble()) + (random.NextDouble() < 0.1 ? 2e7 * random.NextDouble() : 0),
        "network" => 1e5 * Math.Pow(-Math.Log(1 - random.NextDouble()), 2),
        _ => 5e4 / Math.Pow(1 - random.NextDouble(), 0.7) - 5e4,
    };
}
