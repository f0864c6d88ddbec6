namespace MeterLab.VirtualRig.World;

/// <summary>
/// Reproducible randomness as a pure function of (seed, index): the n-th draw is the same in whatever order and from whatever
/// thread it is asked for. SplitMix64 (Steele, Lea, Flood 2014).
/// </summary>
internal static class Noise
{
    /// <summary>A seed for one purpose of one named thing, the same in every process.</summary>
    public static ulong Seed(long seed, string purpose)
    {
        // FNV-1a; string.GetHashCode differs from process to process.
        var hash = 14695981039346656037UL;
        foreach (var c in purpose)
            hash = (hash ^ c) * 1099511628211UL;
        return Mix(hash ^ Mix((ulong)seed));
    }

    /// <summary>Uniform in [0, 1).</summary>
    public static double Uniform(ulong seed, long index) => (Mix(seed + Mix((ulong)index)) >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [-1, 1).</summary>
    public static double Symmetric(ulong seed, long index) => 2 * Uniform(seed, index) - 1;

    /// <summary>Normal, mean 0, standard deviation 1 (Box and Muller 1958).</summary>
    public static double Normal(ulong seed, long index)
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - Uniform(seed, 2 * index)));
        return radius * Math.Cos(2 * Math.PI * Uniform(seed, 2 * index + 1));
    }

    private static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15UL;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        return x ^ (x >> 31);
    }
}
