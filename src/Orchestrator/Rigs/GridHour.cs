namespace MeterLab.Orchestrator.Rigs;

/// <summary>The carbon intensity from a moment on.</summary>
/// <param name="FromUtcS">s since 1970, UTC.</param>
/// <param name="KgPerJoule">kg of CO2 equivalent a joule.</param>
public sealed record GridHour(long FromUtcS, double KgPerJoule);
