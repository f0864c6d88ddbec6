using MeterLab.Measurement;
using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers;
using MeterLab.MeterDrivers.Modbus;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Orchestrator.Wiring;
using MeterLab.TestKit;
using MeterLab.VirtualRig.Meters;

namespace MeterLab.VirtualRig.Tests.Bench;

/// <summary>A virtual rig that is wired wrong on purpose: one real load pattern on the machine tells what is wrong.</summary>
[Collection(RealTime.Name)]
public sealed class WiringTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reversed_swapped_and_wrongly_scaled_channels_are_told_from_one_that_is_right()
    {
        var profiles = RepositoryFiles.Path("firmware-configs", "meters");
        var clock = new SystemHostClock();
        var definition = new VirtualRigDefinition
        {
            Seed = 7,
            Meters =
            [
                Meter("wall", "l1", 1), Meter("reversed", "l1", -1), Meter("swapped", "l2", 1), Meter("scaled", "l1", 5),
            ],
        };
        await using var bench = new VirtualBench(definition, clock, TimeProvider.System, profiles);
        var meters = new MeterFactory(new MeterEnvironment { Clock = clock, ProfileDirectory = profiles }, [new ModbusOpener()]);
        var target = new RigTarget
        {
            Name = "node1",
            Reach = new VirtualReach("node1"),
            FedBy = [.. definition.Meters.Select(meter => new Feed(new ChannelId(meter.Name, "l1"), Scope.WallAc))],
        };
        var rig = new Rig
        {
            Name = "bench",
            File = "rig.yaml",
            StorePath = "none.db",
            Meters = [.. definition.Meters.Select(meter => new RigMeter { Name = meter.Name, Uri = bench.Resolve(MeterUri.Parse($"virtual://{meter.Name}")) })],
            Targets = [target],
        };

        var report = await new WiringProbe(meters, (machine, _) => bench.OpenTarget(machine.Name), TimeProvider.System).IdentifyAsync(rig, target, null, Cancel);

        var words = string.Join('\n', report.Findings.Select(finding => finding.Detail)) + string.Join('\n', report.Channels);
        var right = report.Channels.Single(channel => channel.Channel == new ChannelId("wall", "l1"));
        Assert.True(right.Moves && right.StepWatts > 5, words);
        Assert.True(Has("wiring-reversed", "reversed/l1"), words);
        Assert.True(Has("wiring-swapped", "swapped/l1"), words);
        Assert.True(Has("wiring-ratio", "scaled"), words);
        Assert.False(Has("wiring-reversed", "wall/l1") || Has("wiring-still", "wall/l1"), words);

        bool Has(string rule, string name) => report.Findings.Any(finding => finding.Rule == rule && finding.Detail.StartsWith(name, StringComparison.Ordinal) && finding.Severity == Severity.Invalid);
    }

    private static VirtualModbusTcpMeter Meter(string name, string channel, double gain) => new()
    {
        Name = name,
        Model = "janitza-umg96rm",
        Scope = Scope.WallAc,
        Channel = channel,
        Specimen = SpecimenOptions.Perfect with { Gain = gain },
    };
}
