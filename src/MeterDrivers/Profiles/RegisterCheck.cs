namespace MeterLab.MeterDrivers.Profiles;

/// <summary>A register that must hold one of some values: a model's code, or a setting without which the meter's figures mislead.</summary>
public sealed record RegisterCheck
{
    /// <summary>Where it is.</summary>
    public required IdentityRegister Register { get; init; }

    /// <summary>The values that are right, each from one to another, both included.</summary>
    public required IReadOnlyList<(long From, long To)> Right { get; init; }

    /// <summary>What the register tells and what to do where it is wrong, for the message.</summary>
    public required string Meaning { get; init; }

    /// <summary>Whether a value will do.</summary>
    public bool Accepts(long value) => Right.Any(range => value >= range.From && value <= range.To);
}
