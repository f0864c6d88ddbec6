using System.Device.I2c;

using MeterLab.Configuration;
using MeterLab.Measurement;
using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Quantities;
using MeterLab.MeterDrivers;
using MeterLab.Orchestrator.Targets;
using MeterLab.VirtualRig.Faults;
using MeterLab.VirtualRig.World;

namespace MeterLab.VirtualRig;

/// <summary>
/// The virtual rig, running in this process: a world with known joules that ticks from creation on, meters that are started on their real
/// wires when they are first asked for, and one machine under test. Disposing takes everything down and leaves nothing behind.
/// </summary>
public sealed class VirtualBench : IAsyncDisposable
{
    /// <summary>The scheme of the rig's addresses.</summary>
    public const string Scheme = "virtual";

    private readonly Lock _lock = new();
    private readonly VirtualRigDefinition _definition;
    private readonly DirectoryInfo _folder;
    private readonly VirtualWorld _world;
    private readonly SkewedClock _clock;
    private readonly VirtualWires _wires;
    private readonly string _home;
    private readonly IHostClock _hostClock;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, MeterUri> _started = new(StringComparer.Ordinal);

    /// <summary>
    /// Creates the world and lets it tick. <paramref name="profileDirectory"/> is <c>firmware-configs/meters</c>.
    /// </summary>
    public VirtualBench(VirtualRigDefinition definition, IHostClock clock, TimeProvider time, string profileDirectory)
    {
        ArgumentNullException.ThrowIfNull(definition);
        _definition = definition;
        _hostClock = clock;
        _time = time;
        _folder = Directory.CreateTempSubdirectory("meterlab-rig-");
        _home = _folder.CreateSubdirectory("home").FullName;
        var devices = _folder.CreateSubdirectory("dev").FullName;
        var load = new ProcessCpuLoad(Path.Combine(_home, ".meterlab", "runs"), definition.World.LogicalProcessors);
        Services = new VirtualServices(_home, definition.Services);
        _world = new VirtualWorld(clock, definition.World, load, Services);
        VirtualSystem.Make(_home, definition.World);
        _clock = new SkewedClock(clock, definition.Clock);
        Faults = new FaultScript(clock, [.. definition.Faults]);
        _wires = new VirtualWires(definition, _world, Faults, clock, time, profileDirectory, devices);
        _world.Start();
    }

    /// <summary>What goes wrong; faults may be added while it runs.</summary>
    public FaultScript Faults { get; }

    /// <summary>What runs in the background of the machine under test; starting one adds to what it draws.</summary>
    public VirtualServices Services { get; }

    /// <summary>The meters, started or not.</summary>
    public IReadOnlyList<VirtualMeter> Meters => _definition.Meters;

    /// <summary>The name of the machine under test.</summary>
    public string TargetName => _definition.Target;

    /// <summary>
    /// Starts the meter of <c>virtual://NAME</c>, unless it is, and returns the address of its own wire. Throws
    /// <see cref="ConfigurationException"/> with the names there are.
    /// </summary>
    public MeterUri Resolve(MeterUri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        if (uri.Scheme != Scheme)
            throw uri.Error($"this is not a meter of the virtual rig; write {Scheme}://NAME");
        lock (_lock)
        {
            if (_started.TryGetValue(uri.Host, out var address))
                return address;
            var meter = _definition.Meters.FirstOrDefault(candidate => candidate.Name == uri.Host)
                ?? throw uri.Error($"the virtual rig has no such meter; {Nearest.Suggest(uri.Host, [.. _definition.Meters.Select(m => m.Name)])}");
            address = _wires.Start(meter);
            _started.Add(meter.Name, address);
            return address;
        }
    }

    /// <summary>Opens the rig's own I2C bus for its number, and any other bus as the system does.</summary>
    public I2cBus OpenI2cBus(int number) => number == VirtualWires.I2cBusNumber ? _wires.I2c : I2cBus.Create(number);

    /// <summary>
    /// The machine under test. Throws <see cref="ConfigurationException"/> for another name.
    /// </summary>
    public VirtualTarget OpenTarget(string name) => name == _definition.Target
        ? new VirtualTarget(new LocalTarget(name, _hostClock, _time), _clock, _home, Services.Tools)
        : throw new ConfigurationException($"the virtual rig has no target '{name}'; its only one is {_definition.Target}");

    /// <summary>
    /// The energy that a scope of the machine really drew between two instants of the target's own clock (ns since 1970). For judging
    /// results after they were computed, and for nothing else. Null where nobody knows: a scope that is not modelled, a time outside
    /// the world's, or a lab host whose UTC was stepped meanwhile.
    /// </summary>
    public Joules? TruthOf(Scope scope, long startTargetNs, long endTargetNs)
    {
        if (scope is not (Scope.WallAc or Scope.PsuDc or Scope.CpuDc or Scope.GpuDc) || endTargetNs < startTargetNs || _clock.HostStepped)
            return null;
        var (from, to) = (_clock.HostFromTarget(startTargetNs), _clock.HostFromTarget(endTargetNs));
        return from < _world.Truth.BeginNs || to > _hostClock.MonotonicNs ? null : _world.Truth.EnergyBetween(scope, from, to);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _wires.DisposeAsync().ConfigureAwait(false);
        await _world.DisposeAsync().ConfigureAwait(false);
        if (Directory.Exists(_folder.FullName))
            _folder.Delete(recursive: true);
    }

    /// <summary>For judging: the instant of the lab's line at which the target's clock shows this.</summary>
    internal long HostFromTarget(long targetNs) => _clock.HostFromTarget(targetNs);

    /// <summary>For judging: what the machine draws.</summary>
    internal TruePower Truth => _world.Truth;
}
