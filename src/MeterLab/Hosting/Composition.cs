using System.Device.I2c;

using MeterLab.Measurement;
using MeterLab.Measurement.Clocks;
using MeterLab.MeterDrivers;
using MeterLab.MeterDrivers.Http;
using MeterLab.MeterDrivers.Hwmon;
using MeterLab.MeterDrivers.I2c;
using MeterLab.MeterDrivers.Modbus;
using MeterLab.MeterDrivers.Scpi;
using MeterLab.MeterDrivers.Serial;
using MeterLab.MeterDrivers.Snmp;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Orchestrator.Targets;
using MeterLab.Storage;
using MeterLab.VirtualRig;

namespace MeterLab.Cli.Hosting;

/// <summary>
/// The one place where the program is put together: clocks, drivers, targets, stores, the virtual rig. Everything is made when first
/// asked for, and everything that was made goes down with it.
/// </summary>
/// <param name="rigDefinition">The virtual rig; null takes the default one.</param>
/// <param name="openers">Opens meters beside the virtual rig's; null takes the drivers of all wires.</param>
internal sealed class Composition(VirtualRigDefinition? rigDefinition = null, IReadOnlyList<IMeterOpener>? openers = null) : IAsyncDisposable
{
    private const long DefaultSeed = 1;

    private MeterFactory? _meters;
    private VirtualBench? _bench;

    /// <summary>The lab host's clocks.</summary>
    public IHostClock Clock { get; } = new SystemHostClock();

    /// <summary>Delays and deadlines.</summary>
    public TimeProvider Time { get; } = TimeProvider.System;

    /// <summary>What stores need.</summary>
    public StoreOptions StoreOptions => new() { Clock = Clock, Time = Time };

    /// <summary>The virtual rig, started when it is first asked for.</summary>
    public VirtualBench Bench => _bench ??= new VirtualBench(
        rigDefinition ?? VirtualConditions.Apply(VirtualRigDefinition.Default(DefaultSeed)), Clock, Time, ProfileDirectory());

    /// <summary>Opens any meter by its address.</summary>
    public MeterFactory Meters => _meters ??= CreateMeters();

    /// <summary>
    /// The target of a rig. Over SSH nothing is sent before its first use. Throws <see cref="ConfigurationException"/> where the virtual
    /// rig has no target of that name.
    /// </summary>
    public ITarget OpenTarget(Rig rig, RigTarget target, bool acceptNewHostKey = false) => target.Reach switch
    {
        LocalReach => new LocalTarget(target.Name, Clock, Time),
        VirtualReach @virtual => Bench.OpenTarget(@virtual.Name),
        SshReach ssh => new SshTarget(
            target.Name,
            new SshOptions
            {
                Address = ssh.Address,
                IdentityFile = ssh.IdentityPath,
                HostKey = ssh.HostKey,
                KnownHostsFile = rig.KnownHostsPath,
                AcceptNewHostKey = acceptNewHostKey,
            },
            Clock,
            Time),
        _ => throw new InvalidOperationException($"{target.Reach.GetType().Name} is no known way to reach a target."),
    };

    /// <summary>What a campaign needs, with this store.</summary>
    public LabContext Lab(Store store, IProgress<CampaignProgress>? progress, bool acceptNewHostKey = false) => new()
    {
        Store = store,
        Meters = Meters,
        OpenTarget = (target, rig) => OpenTarget(rig, target, acceptNewHostKey),
        Clock = Clock,
        Time = Time,
        Version = StoreOptions.Version,
        Progress = progress,
    };

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _bench?.DisposeAsync() ?? ValueTask.CompletedTask;

    private MeterFactory CreateMeters()
    {
        var wires = openers
            ?? [new ModbusOpener(), new I2cOpener(), new HwmonOpener(), new SnmpOpener(), new HttpOpener(), new ScpiOpener(), new SerialOpener()];
        var environment = new MeterEnvironment
        {
            Clock = Clock,
            Time = Time,
            ProfileDirectory = ProfileDirectory(),
            OpenI2cBus = OpenI2cBus,
        };
        return new MeterFactory(environment, [.. wires, new VirtualOpener(() => Bench, wires)]);
    }

    // Only a rig that was started has a bus of its own; a number alone does not start one.
    private I2cBus OpenI2cBus(int number) => _bench?.OpenI2cBus(number) ?? I2cBus.Create(number);

    // Beside the program when it is installed, in the repository when it is built there.
    private static string ProfileDirectory()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var profiles = Path.Combine(folder.FullName, "firmware-configs", "meters");
            if (Directory.Exists(profiles))
                return profiles;
        }

        throw new ConfigurationException(
            $"the meter profiles are missing: no folder firmware-configs/meters at or above {AppContext.BaseDirectory}");
    }
}
