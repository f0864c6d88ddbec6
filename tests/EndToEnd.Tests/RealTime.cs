namespace MeterLab.EndToEnd.Tests;

/// <summary>Tests that need the processors for themselves run when the others have ended, one after another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RealTime
{
    public const string Name = "real time";
}

/// <summary>Campaigns that measure take turns; what only waits for the clock on the wall may run beside them.</summary>
[CollectionDefinition(Name)]
public sealed class Campaigns
{
    public const string Name = "campaigns";
}
