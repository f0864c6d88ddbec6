using System.Globalization;

using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Quantities;
using MeterLab.MeterDrivers;
using MeterLab.MeterDrivers.Profiles;
using MeterLab.VirtualRig.Faults;
using MeterLab.VirtualRig.Meters;
using MeterLab.VirtualRig.Wires;
using MeterLab.VirtualRig.World;

namespace MeterLab.VirtualRig;

/// <summary>Builds each meter with its wire when it is first asked for, and takes all of them down again.</summary>
internal sealed class VirtualWires : IAsyncDisposable
{
    /// <summary>The number under which the rig's I2C bus is opened; no real adapter has it.</summary>
    public const int I2cBusNumber = 900;

    private static readonly double[] ShuntRatings = [10, 20, 40, 80, 160, 320, 640];
    private const double ShuntVolts = 0.04;
    private readonly VirtualRigDefinition _definition;
    private readonly VirtualWorld _world;
    private readonly FaultScript _faults;
    private readonly IHostClock _clock;
    private readonly TimeProvider _time;
    private readonly ProfileLibrary _profiles;
    private readonly string _devices;
    private readonly List<IAsyncDisposable> _started = [];
    private readonly Dictionary<string, (ModbusRtuServer Server, ModbusSlave Slave)> _lines = new(StringComparer.Ordinal);

    public VirtualWires(
        VirtualRigDefinition definition, VirtualWorld world, FaultScript faults, IHostClock clock, TimeProvider time, string profiles, string devices)
    {
        _definition = definition;
        _world = world;
        _faults = faults;
        _clock = clock;
        _time = time;
        _profiles = new ProfileLibrary(profiles);
        _devices = devices;
        I2c = new SimulatedI2cBus(I2cBusNumber, faults.Gate("i2c"));
    }

    /// <summary>The rig's I2C bus.</summary>
    public SimulatedI2cBus I2c { get; }

    /// <summary>Starts a meter and says where it is reached.</summary>
    public MeterUri Start(VirtualMeter meter) => MeterUri.Parse(meter switch
    {
        VirtualModbusTcpMeter tcp => StartTcp(tcp),
        VirtualModbusRtuMeter rtu => StartRtu(rtu),
        VirtualShuntMeter shunt => StartShunt(shunt),
        VirtualPowerSensor sensor => StartSensor(sensor),
        _ => throw new ArgumentException($"{meter.GetType().Name} has no wire", nameof(meter)),
    });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var wire in _started)
            await wire.DisposeAsync().ConfigureAwait(false);
        _started.Clear();
        I2c.Dispose();
    }

    private string StartTcp(VirtualModbusTcpMeter meter)
    {
        var slave = new ModbusSlave();
        slave.Add((byte)meter.Unit, Unit(meter));
        var server = new ModbusTcpServer(slave, _faults.Gate(meter.Name), _time);
        _started.Add(server);
        return Text($"modbus-tcp://127.0.0.1:{server.Port}/{meter.Unit}?model={Uri.EscapeDataString(meter.Model)}");
    }

    private string StartRtu(VirtualModbusRtuMeter meter)
    {
        if (!_lines.TryGetValue(meter.Bus, out var line))
        {
            var slave = new ModbusSlave();
            var server = new ModbusRtuServer(
                Path.Combine(_devices, meter.Bus), slave, meter.Baud, _faults.Gate(meter.Bus), _time);
            server.Start();
            _started.Add(server);
            line = (server, slave);
            _lines.Add(meter.Bus, line);
        }

        line.Slave.Add((byte)meter.Unit, Unit(meter));
        return Text($"modbus-rtu://{line.Server.Path}/{meter.Unit}?model={Uri.EscapeDataString(meter.Model)}&baud={meter.Baud}&parity=none&stop-bits=1");
    }

    private ProfileUnit Unit(VirtualModbusMeter meter)
    {
        var profile = _profiles.Find(meter.Model);
        var specimen = Specimen.Draw(profile.Facts, meter.Name, _definition.Seed, meter.Specimen);
        var model = new VirtualMeterModel(_world.Truth, meter.Scope, specimen);
        return new ProfileUnit(_clock, profile, model, meter.Channel, serial: 10_000_000 + (long)(specimen.Seed % 10_000_000));
    }

    private string StartShunt(VirtualShuntMeter meter)
    {
        var amperes = meter.MaxAmperes ?? RatingFor(meter.Scope);
        var ohms = ShuntVolts / amperes;
        var rail = new WorldRail(_world.Truth, meter.Scope);
        IRegisterChip chip = meter.Model switch
        {
            "ina226" => new SimulatedIna226(
                _clock, rail, meter.Specimen ?? ShuntSpecimen.Ina226(ohms, meter.ShuntTolerance, meter.Name, _definition.Seed)),
            "ina228" => new SimulatedIna228(
                _clock, rail, meter.Specimen ?? ShuntSpecimen.Ina228(ohms, meter.ShuntTolerance, meter.Name, _definition.Seed)),
            _ => throw new ArgumentException($"{meter.Model} is not simulated; ina226 and ina228 are", nameof(meter)),
        };
        I2c.Attach(meter.Address, chip);
        // The percent sign of the tolerance is itself escaped.
        var options = Text($"shunt={ohms * 1e3}mohm&max-current={amperes}A&shunt-tolerance={meter.ShuntTolerance * 100}%25");
        return Text($"i2c://{I2cBusNumber}/0x{meter.Address:x2}?model={meter.Model}&{options}");
    }

    private string StartSensor(VirtualPowerSensor meter)
    {
        var most = MostWatts();
        AnalogPair[] pairs =
        [
            Pair("EPS 12V", values => values.CpuDc, most.CpuDc),
            Pair("PCIe 12V", values => values.GpuDc, most.GpuDc),
            Pair("ATX 12V", values => values.PsuDc - values.CpuDc - values.GpuDc, most.PsuDc - most.CpuDc - most.GpuDc),
        ];
        var clockError = 30e-6 * Noise.Symmetric(Noise.Seed(_definition.Seed, "crystal:" + meter.Name), 0);
        var sensor = new PowerSensor3Simulator(
            Path.Combine(_devices, meter.Name), _clock, pairs, meter.SetsPerSecond, clockError, _faults.Gate(meter.Name), _time);
        sensor.Start();
        _started.Add(sensor);
        return $"serial://{sensor.Path}?model=powersensor3&calibrated=true";

        AnalogPair Pair(string name, Func<ScopeValues, double> share, double watts) =>
            new(name, new WorldRail(_world.Truth, share, 12.1, 0.006), 1.2 * watts / 12, _definition.Seed);
    }

    private double RatingFor(Scope scope)
    {
        var amperes = 1.2 * MostWatts()[scope] / 12;
        return ShuntRatings.FirstOrDefault(rating => rating >= amperes, ShuntRatings[^1]);
    }

    /// <summary>What every scope draws with all processors busy; scripts are taken at their first instant.</summary>
    private ScopeValues MostWatts()
    {
        var p = _definition.World;
        var cpu = p.CpuIdleWatts + p.CpuWattsPerBusyCore * p.LogicalProcessors + p.CpuScript.WattsAt(0);
        var gpu = p.GpuIdleWatts + p.GpuWattsPerBusyCore * p.LogicalProcessors + p.GpuScript.WattsAt(0);
        var psu = cpu + gpu + p.RestScript.WattsAt(0);
        return new ScopeValues(cpu, gpu, psu, p.WallFor(psu));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
