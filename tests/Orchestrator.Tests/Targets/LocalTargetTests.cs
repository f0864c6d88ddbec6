using MeterLab.Measurement.Clocks;
using MeterLab.Orchestrator.Targets;

namespace MeterLab.Orchestrator.Tests.Targets;

public sealed class LocalTargetTests : TargetContract
{
    private protected override ITarget Target { get; } = new LocalTarget("here", new SystemHostClock());

    [Fact]
    public void It_says_how_it_is_reached() => Assert.Equal("local", Target.Description);
}
