using MeterLab.Measurement.Quantities;
using MeterLab.VirtualRig.Faults;
using MeterLab.VirtualRig.World;

namespace MeterLab.VirtualRig;

/// <summary>A whole virtual lab: machine, clock, meters, faults. The same definition and seed give the same specimens.</summary>
public sealed record VirtualRigDefinition
{
    /// <summary>Seed of every draw.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>The name of the one machine under test.</summary>
    public string Target { get; init; } = "node1";

    /// <summary>How wrong that machine's clock is.</summary>
    public ClockError Clock { get; init; } = new();

    /// <summary>What that machine draws.</summary>
    public WorldParameters World { get; init; } = new();

    /// <summary>The services that machine knows, on its own <c>systemctl</c>.</summary>
    public IReadOnlyList<VirtualService> Services { get; init; } =
    [
        new("ssh.service", 0, Running: true), new("cron.service", 0, Running: true), new("backup.service", 3), new("indexer.service", 6),
    ];

    /// <summary>The meters.</summary>
    public required IReadOnlyList<VirtualMeter> Meters { get; init; }

    /// <summary>What goes wrong, on which wire, when.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>
    /// The rig behind <c>virtual://NAME</c>: wall, pdu, mains, sdm120, cpu12v, gpu12v and rails on one machine, whose clock is seconds off
    /// and drifts by up to 80 ppm.
    /// </summary>
    public static VirtualRigDefinition Default(long seed)
    {
        var draws = Noise.Seed(seed, "clock");
        return new VirtualRigDefinition
        {
            Seed = seed,
            Clock = new ClockError((long)(6e9 * Noise.Symmetric(draws, 0)), (long)(80e3 * Noise.Symmetric(draws, 1))),
            World = new WorldParameters
            {
                CpuScript = new WanderWaveform(0.3, 2, seed),
                GpuScript = new WanderWaveform(0.2, 5, seed + 1),
                RestScript = new ConstantWaveform(21) + new WanderWaveform(0.2, 20, seed + 2),
            },
            Meters =
            [
                new VirtualModbusTcpMeter { Name = "wall", Model = "janitza-umg96rm", Scope = Scope.WallAc },
                new VirtualModbusTcpMeter { Name = "pdu", Model = "netio-powerpdu-4c", Scope = Scope.WallAc, Channel = "outlet-1" },
                new VirtualModbusRtuMeter { Name = "mains", Model = "eastron-sdm630", Scope = Scope.WallAc, Bus = "rs485", Unit = 1 },
                new VirtualModbusRtuMeter { Name = "sdm120", Model = "eastron-sdm120", Scope = Scope.WallAc, Bus = "rs485", Unit = 2 },
                new VirtualShuntMeter { Name = "cpu12v", Model = "ina228", Scope = Scope.CpuDc, Address = 0x40 },
                new VirtualShuntMeter { Name = "gpu12v", Model = "ina226", Scope = Scope.GpuDc, Address = 0x41 },
                new VirtualPowerSensor { Name = "rails", Scope = Scope.PsuDc },
            ],
        };
    }
}
