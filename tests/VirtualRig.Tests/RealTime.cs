namespace MeterLab.VirtualRig.Tests;

/// <summary>Tests that load the processors, or judge what a load does: they run when the others have ended, one after another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RealTime
{
    public const string Name = "real time";
}
