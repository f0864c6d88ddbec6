namespace MeterLab.Cli.Rendering.Traces;

/// <summary>
/// A trace on its way into a file: one value a row. The time is the end of the value's averaging window, with the meter's known delay
/// removed (contract, section 5).
/// </summary>
/// <param name="Column">Name and unit of the values: <c>active_power_w</c>.</param>
/// <param name="UtcNs">Times, ns since 1970 UTC.</param>
/// <param name="Values">Values in SI units, as many as times.</param>
internal sealed record TraceTable(string Column, ReadOnlyMemory<long> UtcNs, ReadOnlyMemory<double> Values)
{
    /// <summary>The column of active power.</summary>
    public const string ActivePower = "active_power_w";
}
