namespace MeterLab.Orchestrator.Campaigns;

/// <summary>
/// A random order that a seed fixes for ever, whatever the version of .NET: Fisher and Yates' shuffle over SplitMix64
/// (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators"), with draws rejected where a remainder
/// would favour small numbers.
/// </summary>
internal sealed class SeededShuffle(long seed)
{
    private ulong _state = unchecked((ulong)seed);

    /// <summary>Puts the items into the seed's order.</summary>
    internal void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = (int)Below((ulong)i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>The next 64 random bits.</summary>
    internal ulong Next()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15;
            var z = _state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    private ulong Below(ulong bound)
    {
        // The largest multiple of the bound that 64 bits hold; what lies above it is drawn again.
        var limit = ulong.MaxValue - ulong.MaxValue % bound;
        ulong draw;
        do
            draw = Next();
        while (draw >= limit);
        return draw % bound;
    }
}
