namespace MeterLab.Orchestrator.Reports;

/// <summary>One measured idle power in the history of a target.</summary>
/// <param name="Target">The target's name.</param>
/// <param name="Scope">What it covers: wall-ac …</param>
/// <param name="UtcNs">When it was measured, UTC ns since 1970.</param>
/// <param name="StaticW">W.</param>
/// <param name="UncertaintyW">Expanded (95 %), W; null where unknown.</param>
/// <param name="Fingerprint">Of the machine: another one makes it another machine's.</param>
/// <param name="Source">The campaign that measured it; <c>by hand</c> outside one.</param>
public sealed record BaselinePoint(string Target, string Scope, long UtcNs, double StaticW, double? UncertaintyW, string Fingerprint, string Source);
