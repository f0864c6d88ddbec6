namespace MeterLab.MeterDrivers.Profiles;

/// <summary>The place of a register in a series of equal blocks: outlet-1, outlet-2 … at a fixed distance.</summary>
/// <param name="Name">The channels' common name, <c>outlet</c>; an address may state their number as <c>outlets=12</c>.</param>
/// <param name="Number">From 1.</param>
/// <param name="Stride">Registers from one to the next.</param>
public sealed record RegisterSeries(string Name, int Number, int Stride)
{
    /// <summary>The first word of the name: what is counted.</summary>
    public string Word => Name.Split('-')[0];
}
