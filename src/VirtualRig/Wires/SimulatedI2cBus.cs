using System.Device.I2c;

using MeterLab.VirtualRig.Faults;

namespace MeterLab.VirtualRig.Wires;

/// <summary>
/// An I2C bus with simulated chips on it, as System.Device.Gpio shows a Linux bus: devices can be made for any address, and one that is
/// absent fails at the first transfer with the kernel's errno in the message. A second device of one address is refused.
/// </summary>
internal sealed class SimulatedI2cBus(int number, FaultGate gate) : I2cBus
{
    private readonly Dictionary<int, IRegisterChip> _chips = [];
    private readonly Dictionary<int, SimulatedI2cDevice> _devices = [];

    /// <summary>Solders a chip to the bus.</summary>
    public void Attach(int address, IRegisterChip chip)
    {
        lock (_chips)
            _chips.Add(address, chip);
    }

    /// <inheritdoc/>
    public override I2cDevice CreateDevice(int deviceAddress)
    {
        lock (_chips)
        {
            var device = new SimulatedI2cDevice(this, new I2cConnectionSettings(number, deviceAddress), gate);
            if (!_devices.TryAdd(deviceAddress, device))
                throw new InvalidOperationException($"Device with address 0x{deviceAddress:X2} is already in use.");
            return device;
        }
    }

    /// <inheritdoc/>
    public override void RemoveDevice(int deviceAddress)
    {
        lock (_chips)
            _devices.Remove(deviceAddress);
    }

    /// <summary>The chip at an address; null where nothing acknowledges.</summary>
    internal IRegisterChip? Find(int address)
    {
        lock (_chips)
            return _chips.GetValueOrDefault(address);
    }
}
