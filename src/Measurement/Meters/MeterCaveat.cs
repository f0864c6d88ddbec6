namespace MeterLab.Measurement.Meters;

/// <summary>Something of a model that a user must know.</summary>
/// <param name="Text">What, in words.</param>
/// <param name="Source">Who says so.</param>
public sealed record MeterCaveat(string Text, string Source);
