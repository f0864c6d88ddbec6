using MeterLab.Measurement.Samples;

namespace MeterLab.Benchmarks.Night;

/// <summary>The samples of a night: a load with epochs, noise of some counts, and polls whose brackets jitter, so that the recording is as hard to pack as a real one.</summary>
internal sealed class NightPower
{
    private ulong _state = 88_172_645_463_325_252;

    /// <summary>The sample that was readable at a moment of the line (ns).</summary>
    public RawSample Next(long atNs)
    {
        var end = atNs - (long)(NightShape.DelaySeconds * 1e9);
        var epoch = NightShape.BusyWatts + end / 7_000_000_000 % 3 * 15;
        var level = NightShape.IdleWatts + (epoch - NightShape.IdleWatts) * BusyShare(end);
        var noise = (Draw() + Draw() + Draw() + Draw() - 2) * 6;
        var bracket = 20_000 + (long)(Draw() * 15_000);
        var late = (long)(Draw() * 20_000);
        return new RawSample(atNs + late - bracket, atNs + late, 0, (long)((level + noise) / NightShape.ScaleWatts), SampleFlags.None);
    }

    // Of the averaging window that ended at a moment; only one that holds an edge is a mixture.
    private static double BusyShare(long endNs)
    {
        const int Parts = 32;
        var (first, last) = (NightShape.BusyAt(endNs - NightShape.StepNs), NightShape.BusyAt(endNs));
        if (first == last)
            return last ? 1 : 0;
        var busy = 0;
        for (var i = 0; i < Parts; i++)
            busy += NightShape.BusyAt(endNs - (2 * i + 1) * NightShape.StepNs / (2 * Parts)) ? 1 : 0;
        return busy / (double)Parts;
    }

    // Xorshift (Marsaglia 2003): a stream that costs little.
    private double Draw()
    {
        _state ^= _state << 13;
        _state ^= _state >> 7;
        _state ^= _state << 17;
        return (_state >> 11) * (1.0 / (1UL << 53));
    }
}
