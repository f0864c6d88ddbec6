namespace MeterLab.Estimators.Sensors;

/// <summary>What the sampler read at one moment.</summary>
/// <param name="BeforeNs">The target's clock just before, ns since 1970.</param>
/// <param name="AfterNs">The target's clock just after.</param>
/// <param name="ExitCode">Of the program that was asked; 0 where files were read.</param>
/// <param name="Lines">What was read.</param>
internal sealed record SensorReading(long BeforeNs, long AfterNs, int ExitCode, IReadOnlyList<string> Lines)
{
    /// <summary>The middle of both stamps, s since 1970.</summary>
    public double AtS => (BeforeNs + ((AfterNs - BeforeNs) / 2.0)) / 1e9;
}
