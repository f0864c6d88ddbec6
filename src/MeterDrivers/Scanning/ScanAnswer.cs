namespace MeterLab.MeterDrivers.Scanning;

/// <summary>A place where something answered.</summary>
/// <param name="Place">Where: <c>unit 3</c>, <c>0x41</c>, <c>port 5025</c>.</param>
/// <param name="Candidates">What it may be, the surest first; none where no model fits.</param>
/// <param name="Notes">What a person should know of it.</param>
public sealed record ScanAnswer(string Place, IReadOnlyList<ScanCandidate> Candidates, IReadOnlyList<string> Notes);
