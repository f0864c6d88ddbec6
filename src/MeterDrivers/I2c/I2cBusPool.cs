using System.Device.I2c;

namespace MeterLab.MeterDrivers.I2c;

/// <summary>
/// The open I2C buses of a program: each is opened once, shared by the chips on it, and closed with the last of them.
/// System.Device.I2c neither shares nor locks.
/// </summary>
internal sealed class I2cBusPool
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(Func<int, I2cBus> Open, int Number), SharedBus> _buses = [];

    /// <summary>
    /// Opens the chip at an address. Throws <see cref="LinkException"/>: no such bus, no permission, or another meter of this program or a driver of the
    /// kernel has that address.
    /// </summary>
    internal I2cRegisters Open(MeterEnvironment environment, int number, int address, bool littleEndian = false) => new(
        () =>
        {
            KernelClaim.Refuse(environment.I2cDirectory, number, address);
            return Attach((environment.OpenI2cBus, number), address);
        },
        number,
        address,
        littleEndian);

    /// <summary>Opens it to look at it, whoever has it: nothing may be written.</summary>
    internal I2cRegisters OpenToLook(MeterEnvironment environment, int number, int address, bool littleEndian = false) =>
        new(() => Attach((environment.OpenI2cBus, number), address), number, address, littleEndian);

    private BusAttachment Attach((Func<int, I2cBus> Open, int Number) key, int address)
    {
        lock (_gate)
        {
            var shared = _buses.TryGetValue(key, out var open) ? open : new SharedBus(Guard(key.Number, () => key.Open(key.Number)));
            if (shared.Addresses.Contains(address))
                throw new LinkException(LinkFailure.Busy, $"Another meter of this program already uses 0x{address:x2} on I2C bus {key.Number}. Name each chip once.");
            I2cDevice device;
            try
            {
                device = Guard(key.Number, () => shared.Bus.CreateDevice(address));
            }
            catch
            {
                if (shared.Addresses.Count == 0)
                    shared.Bus.Dispose();
                throw;
            }

            _buses[key] = shared;
            shared.Addresses.Add(address);
            return new BusAttachment(device, shared.Exchange, lost => Release(key, shared, device, address, lost));
        }
    }

    private static T Guard<T>(int number, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (Exception e) when (e is IOException or PlatformNotSupportedException or ArgumentException or InvalidOperationException or UnauthorizedAccessException)
        {
            throw I2cFailure.OfOpening(number, e);
        }
    }

    /// <summary>A bus whose adapter went away is given to nobody any more, and closed with the last of those that still have it.</summary>
    private void Release((Func<int, I2cBus> Open, int Number) key, SharedBus shared, I2cDevice device, int address, bool lost)
    {
        lock (_gate)
        {
            lock (shared.Exchange)
                device.Dispose();
            shared.Addresses.Remove(address);
            var current = _buses.TryGetValue(key, out var open) && open == shared;
            if (current && (lost || shared.Addresses.Count == 0))
                _buses.Remove(key);
            if (shared.Addresses.Count == 0)
                shared.Bus.Dispose();
        }
    }

    private sealed class SharedBus(I2cBus bus)
    {
        internal I2cBus Bus { get; } = bus;

        internal HashSet<int> Addresses { get; } = [];

        internal Lock Exchange { get; } = new();
    }
}

/// <summary>A chip's place on an open bus.</summary>
/// <param name="Device">Its device.</param>
/// <param name="Exchange">Held during an exchange.</param>
/// <param name="Release">Lets go of it; true where the bus itself went away.</param>
internal sealed record BusAttachment(I2cDevice Device, Lock Exchange, Action<bool> Release);
