namespace MeterLab.Orchestrator.Tests;

/// <summary>Tests whose figures are microseconds of a real clock: they run when the others have ended, one after another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RealTime
{
    public const string Name = "real time";
}
