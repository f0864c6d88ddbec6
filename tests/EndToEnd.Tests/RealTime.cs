namespace MeterLab.EndToEnd.Tests;

/// <summary>Tests that keep real time do not share the processors with each other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RealTime
{
    public const string Name = "real time";
}
