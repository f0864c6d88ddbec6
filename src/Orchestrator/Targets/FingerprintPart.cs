namespace MeterLab.Orchestrator.Targets;

/// <summary>One thing that a machine's power depends on, as the machine told it.</summary>
/// <param name="Name">What, in words that fit into a sentence: <c>kernel</c>, <c>service</c>.</param>
/// <param name="Values">What it is: one text, or the members of a list in order; null where the machine does not tell.</param>
/// <param name="IsList">Whether members come and go, rather than one text changing.</param>
public sealed record FingerprintPart(string Name, IReadOnlyList<string>? Values, bool IsList = false)
{
    /// <summary>The part as one text.</summary>
    public override string ToString() => $"{Name}={(Values is null ? "?" : string.Join(';', Values))}";
}
