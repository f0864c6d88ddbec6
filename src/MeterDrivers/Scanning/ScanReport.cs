namespace MeterLab.MeterDrivers.Scanning;

/// <summary>What a scan found.</summary>
/// <param name="Answers">The places where something answered.</param>
/// <param name="Asked">How many places were asked.</param>
/// <param name="Notes">What holds for all of them.</param>
public sealed record ScanReport(IReadOnlyList<ScanAnswer> Answers, int Asked, IReadOnlyList<string> Notes);
