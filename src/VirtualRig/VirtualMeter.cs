using MeterLab.Measurement.Quantities;
using MeterLab.VirtualRig.Meters;

namespace MeterLab.VirtualRig;

/// <summary>One meter of the virtual rig; a closed family by wire.</summary>
public abstract record VirtualMeter
{
    /// <summary>Its name, lower case: <c>virtual://NAME</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it measures.</summary>
    public required Scope Scope { get; init; }
}

/// <summary>A meter with a profile, on Modbus.</summary>
public abstract record VirtualModbusMeter : VirtualMeter
{
    /// <summary>The model, or the path of a profile.</summary>
    public required string Model { get; init; }

    /// <summary>Its address, 1 to 247.</summary>
    public int Unit { get; init; } = 1;

    /// <summary>The channel where the machine is plugged in (l1, outlet-1 …); <c>total</c> always shows it.</summary>
    public string Channel { get; init; } = "l1";

    /// <summary>What of this specimen is fixed and not drawn.</summary>
    public SpecimenOptions Specimen { get; init; } = new();
}

/// <summary>On Modbus TCP, a port of its own on loopback.</summary>
public sealed record VirtualModbusTcpMeter : VirtualModbusMeter;

/// <summary>On a serial line; meters of one <see cref="Bus"/> share it.</summary>
public sealed record VirtualModbusRtuMeter : VirtualModbusMeter
{
    /// <summary>The line's name; also the wire's name for faults.</summary>
    public required string Bus { get; init; }

    /// <summary>Bits a second, 8N1.</summary>
    public int Baud { get; init; } = 9600;
}

/// <summary>An INA226 or INA228 on the rig's I2C bus (wire <c>i2c</c>).</summary>
public sealed record VirtualShuntMeter : VirtualMeter
{
    /// <summary>ina226 or ina228.</summary>
    public required string Model { get; init; }

    /// <summary>Its I2C address.</summary>
    public required int Address { get; init; }

    /// <summary>The current for which the shunt is made, A: 80 mV at twice as much. Null fits it to the virtual machine.</summary>
    public double? MaxAmperes { get; init; }

    /// <summary>How far the shunt may be off what is printed on it.</summary>
    public double ShuntTolerance { get; init; } = 0.001;

    /// <summary>The specimen, where it is not drawn.</summary>
    public ShuntSpecimen? Specimen { get; init; }
}

/// <summary>A PowerSensor3 on a serial line of its own: processor, graphics and the rest on three pairs.</summary>
public sealed record VirtualPowerSensor : VirtualMeter
{
    /// <summary>Sets a second: 1000 to 20000. A real board makes 20000; fewer keep the processor free for the workload.</summary>
    public double SetsPerSecond { get; init; } = 2000;
}
