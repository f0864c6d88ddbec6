namespace MeterLab.VirtualRig.Meters;

/// <summary>Properties of a virtual meter that a test or a rig fixes; null is drawn from the data sheet with the rig's seed.</summary>
public sealed record SpecimenOptions
{
    /// <summary>Nothing is wrong with it and nothing is rounded.</summary>
    public static SpecimenOptions Perfect { get; } = new()
    {
        Gain = 1, OffsetWatts = 0, NoiseWatts = 0, DelaySeconds = 0, Phase = 0, ClockError = 0, PowerStepWatts = 0, EnergyStepJoules = 0,
        EnergyAtStartJoules = 0,
    };

    /// <summary>Reading / truth.</summary>
    public double? Gain { get; init; }

    /// <summary>Added to every reading of power, W.</summary>
    public double? OffsetWatts { get; init; }

    /// <summary>Standard deviation of one value of power, W.</summary>
    public double? NoiseWatts { get; init; }

    /// <summary>From the end of an averaging window until its value can be read, s.</summary>
    public double? DelaySeconds { get; init; }

    /// <summary>Time between new values, s.</summary>
    public double? PeriodSeconds { get; init; }

    /// <summary>Length of the averaging window, s.</summary>
    public double? AveragingSeconds { get; init; }

    /// <summary>When in its period it updates, 0 to 1, counted from the beginning of the world.</summary>
    public double? Phase { get; init; }

    /// <summary>How much its oscillator runs fast: 1e-5 is 10 ppm.</summary>
    public double? ClockError { get; init; }

    /// <summary>Smallest step of power, W; 0 for none.</summary>
    public double? PowerStepWatts { get; init; }

    /// <summary>Smallest step of the energy register, J; 0 for none.</summary>
    public double? EnergyStepJoules { get; init; }

    /// <summary>What the energy register held when the world began, J.</summary>
    public double? EnergyAtStartJoules { get; init; }
}
