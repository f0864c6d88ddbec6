using MeterLab.Measurement.Clocks;
using MeterLab.Orchestrator.Targets;

namespace MeterLab.Orchestrator.Tests.Targets;

public sealed class LocalRunnerTests : RunnerContract, IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("meterlab-home-");

    public LocalRunnerTests() => Target = new LocalTarget("here", new SystemHostClock(), home: _home.FullName);

    private protected override ITarget Target { get; }

    public void Dispose() => _home.Delete(recursive: true);
}
