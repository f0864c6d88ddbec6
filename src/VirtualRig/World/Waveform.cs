namespace MeterLab.VirtualRig.World;

/// <summary>A scripted load: watts as a pure function of the seconds since the world began. Sampled at every tick.</summary>
public abstract record Waveform
{
    /// <summary>The power, W, at a time in seconds, not negative.</summary>
    public abstract double WattsAt(double seconds);

    /// <summary>Both loads together.</summary>
    public static Waveform operator +(Waveform left, Waveform right) => new SumWaveform(left, right);
}

/// <summary>The sum of two loads.</summary>
public sealed record SumWaveform(Waveform Left, Waveform Right) : Waveform
{
    /// <inheritdoc/>
    public override double WattsAt(double seconds) => Left.WattsAt(seconds) + Right.WattsAt(seconds);
}

/// <summary>Always the same power.</summary>
public sealed record ConstantWaveform(double Watts) : Waveform
{
    /// <inheritdoc/>
    public override double WattsAt(double seconds) => Watts;
}

/// <summary>High for the first <paramref name="Duty"/> (0 to 1) of every period, low for the rest.</summary>
public sealed record SquareWaveform(double LowWatts, double HighWatts, double PeriodSeconds, double Duty = 0.5) : Waveform
{
    /// <inheritdoc/>
    public override double WattsAt(double seconds) => seconds % PeriodSeconds < Duty * PeriodSeconds ? HighWatts : LowWatts;
}

/// <summary>From one power to another in a straight line, and then constant.</summary>
public sealed record RampWaveform(double FromWatts, double ToWatts, double DurationSeconds) : Waveform
{
    /// <inheritdoc/>
    public override double WattsAt(double seconds) =>
        FromWatts + (ToWatts - FromWatts) * Math.Clamp(seconds / DurationSeconds, 0, 1);
}

/// <summary>One power until a moment, another from then on: a fan that comes on late.</summary>
public sealed record StepWaveform(double BeforeWatts, double AfterWatts, double AtSeconds) : Waveform
{
    /// <inheritdoc/>
    public override double WattsAt(double seconds) => seconds < AtSeconds ? BeforeWatts : AfterWatts;
}

/// <summary>One spike at a random place in every interval, on nothing.</summary>
public sealed record SpikesWaveform(double HeightWatts, double WidthSeconds, double IntervalSeconds, long Seed) : Waveform
{
    private readonly ulong _noise = Noise.Seed(Seed, "spikes");

    /// <inheritdoc/>
    public override double WattsAt(double seconds)
    {
        var interval = (long)Math.Floor(seconds / IntervalSeconds);
        var start = Noise.Uniform(_noise, interval) * (IntervalSeconds - WidthSeconds);
        var inside = seconds - interval * IntervalSeconds;
        return inside >= start && inside < start + WidthSeconds ? HeightWatts : 0;
    }
}

/// <summary>A maximum-length pseudo-random binary sequence of 32767 chips (x^15 + x^14 + 1).</summary>
public sealed record PrbsWaveform(double LowWatts, double HighWatts, double ChipSeconds, int Seed = 1) : Waveform
{
    private const int Length = 32767;
    private readonly bool[] _bits = Sequence(Seed);

    /// <inheritdoc/>
    public override double WattsAt(double seconds) => _bits[(long)(seconds / ChipSeconds) % Length] ? HighWatts : LowWatts;

    private static bool[] Sequence(int seed)
    {
        var bits = new bool[Length];
        var state = seed & Length;
        if (state == 0)
            state = 1;
        for (var i = 0; i < Length; i++)
        {
            bits[i] = (state & 1) != 0;
            var next = ((state >> 14) ^ (state >> 13)) & 1;
            state = ((state << 1) | next) & Length;
        }

        return bits;
    }
}

/// <summary>
/// A slow random walk without memory of its own: straight lines between normal draws one correlation time apart.
/// May be negative; meant to be added to something larger.
/// </summary>
public sealed record WanderWaveform(double StandardDeviationWatts, double CorrelationSeconds, long Seed) : Waveform
{
    private readonly ulong _noise = Noise.Seed(Seed, "wander");

    /// <inheritdoc/>
    public override double WattsAt(double seconds)
    {
        var place = seconds / CorrelationSeconds;
        var node = (long)Math.Floor(place);
        var weight = place - node;
        var left = Noise.Normal(_noise, node);
        return StandardDeviationWatts * (left + weight * (Noise.Normal(_noise, node + 1) - left));
    }
}
