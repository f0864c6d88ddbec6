namespace MeterLab.Orchestrator.Reports;

/// <summary>What a target's clock was fitted from.</summary>
/// <param name="Target">The target.</param>
/// <param name="MapId">The stored map; null where the fit is made from the probes whenever results are worked out.</param>
/// <param name="Probes">How many probes of its clock there are.</param>
/// <param name="FirstProbe">Id of the first; null without probes.</param>
/// <param name="LastProbe">Id of the last.</param>
public sealed record ClockProvenance(string Target, long? MapId, int Probes, long? FirstProbe, long? LastProbe);
