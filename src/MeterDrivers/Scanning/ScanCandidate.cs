namespace MeterLab.MeterDrivers.Scanning;

/// <summary>A model that a device may be.</summary>
/// <param name="Uri">The address to read it by; what only its owner knows stands in it in capitals. Secrets show as ***.</param>
/// <param name="Model">The model.</param>
/// <param name="Certainty">How sure that is.</param>
/// <param name="Why">What speaks for it, and what must be known besides.</param>
public sealed record ScanCandidate(string Uri, string Model, ScanCertainty Certainty, IReadOnlyList<string> Why)
{
    /// <summary>What it says it is; null where it was not asked.</summary>
    public MeterIdentity? Identity { get; init; }
}
