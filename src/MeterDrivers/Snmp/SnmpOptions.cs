namespace MeterLab.MeterDrivers.Snmp;

/// <summary>How one agent is asked.</summary>
/// <param name="Community">The community, resolved. Never printed.</param>
/// <param name="Version">1 or 2 (for 2c).</param>
/// <param name="Timeout">How long to wait for an answer.</param>
/// <param name="Unit">Which unit of a chain.</param>
internal sealed record SnmpOptions(string Community, int Version, TimeSpan Timeout, int Unit)
{
    /// <summary>Everything but the community.</summary>
    public override string ToString() => $"version {Version}, unit {Unit}";
}
