namespace MeterLab.Measurement.Lag;

/// <summary>
/// A pseudo-random binary load: a maximum-length sequence, whose autocorrelation has one peak, so that a meter's lag can be told
/// from nothing else. Chips are no rational multiple of the update period: with exactly four periods a chip, every edge would
/// meet the meter at the same phase and the delay could not be found.
/// </summary>
public sealed record SyncPattern
{
    // Feedback taps of primitive polynomials (order -> mask of taps), Galois form.
    private static readonly Dictionary<int, int> Taps = new() { [3] = 0b110, [4] = 0b1100, [5] = 0b10100, [6] = 0b110000, [7] = 0b1100000 };

    private const double ShortestChipSeconds = 0.1;

    private SyncPattern(IReadOnlyList<bool> bits, double chipSeconds)
    {
        Bits = bits;
        ChipSeconds = chipSeconds;
    }

    /// <summary>Load on or off, chip by chip; starts and ends with off, so that both levels are seen.</summary>
    public IReadOnlyList<bool> Bits { get; }

    /// <summary>Length of a chip, s.</summary>
    public double ChipSeconds { get; }

    /// <summary>Length of the whole pattern, s.</summary>
    public double Seconds => Bits.Count * ChipSeconds;

    /// <summary>
    /// A pattern of 2^order - 1 chips (order 3 to 7) for a meter that updates every <paramref name="updatePeriodSeconds"/>.
    /// </summary>
    /// <param name="order">3 to 7: 7, 15, 31, 63 or 127 chips.</param>
    /// <param name="updatePeriodSeconds">The slowest meter that must see it.</param>
    /// <param name="periodsPerChip">Chip length in update periods, away from simple fractions.</param>
    public static SyncPattern Create(int order, double updatePeriodSeconds, double periodsPerChip = 4.37)
    {
        if (!Taps.TryGetValue(order, out var taps))
            throw new ArgumentOutOfRangeException(nameof(order), order, "Orders 3 to 7 are known.");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(updatePeriodSeconds);
        var length = (1 << order) - 1;
        var bits = new bool[length + 2];
        var state = 1;
        for (var i = 0; i < length; i++)
        {
            bits[i + 1] = (state & 1) != 0;
            state = (state & 1) != 0 ? (state >> 1) ^ taps : state >> 1;
        }

        // A shell on the target needs some ten milliseconds to start and stop a load on every core, so that a quick meter's chip has many
        // periods: some whole ones, and the same odd share of one.
        var share = periodsPerChip - Math.Floor(periodsPerChip);
        var periods = Math.Max(periodsPerChip, Math.Ceiling(ShortestChipSeconds / updatePeriodSeconds) + share);
        return new SyncPattern(bits, periods * updatePeriodSeconds);
    }
}
