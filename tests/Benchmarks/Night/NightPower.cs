using MeterLab.Measurement.Samples;

namespace MeterLab.Benchmarks.Night;

/// <summary>The samples of a night: a load with epochs, noise of some counts, and polls whose brackets jitter, so that the recording is as hard to pack as a real one.</summary>
internal sealed class NightPower
{
    private ulong _state = 88_172_645_463_325_252;
    private double _level = NightShape.IdleWatts;

    /// <summary>The sample that was readable at a moment of the line (ns).</summary>
    public RawSample Next(long atNs)
    {
        var seen = atNs - (long)(NightShape.DelaySeconds * 1e9) - NightShape.StepNs / 2;
        var wanted = NightShape.BusyAt(seen) ? NightShape.BusyWatts + (seen / 7_000_000_000 % 3) * 15 : NightShape.IdleWatts;
        // The load follows within some milliseconds.
        _level += (wanted - _level) * 0.2;
        var noise = (Draw() + Draw() + Draw() + Draw() - 2) * 6;
        var bracket = 20_000 + (long)(Draw() * 15_000);
        var late = (long)(Draw() * 20_000);
        return new RawSample(atNs + late - bracket, atNs + late, 0, (long)((_level + noise) / NightShape.ScaleWatts), SampleFlags.None);
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
