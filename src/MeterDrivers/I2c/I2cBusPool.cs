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
    /// Opens the chip at an address. Throws <see cref="LinkException"/>: no such bus, no permission, or another meter of this program has
    /// that address.
    /// </summary>
    internal I2cRegisters Open(Func<int, I2cBus> openBus, int number, int address, bool littleEndian = false)
    {
        lock (_gate)
        {
            var key = (openBus, number);
            if (!_buses.TryGetValue(key, out var shared))
                shared = new SharedBus(Guard(number, () => openBus(number)));
            if (shared.Addresses.Contains(address))
                throw new LinkException(LinkFailure.Busy, $"Another meter of this program already uses 0x{address:x2} on I2C bus {number}. Name each chip once.");
            I2cDevice device;
            try
            {
                device = Guard(number, () => shared.Bus.CreateDevice(address));
            }
            catch
            {
                if (shared.Addresses.Count == 0)
                    shared.Bus.Dispose();
                throw;
            }

            _buses[key] = shared;
            shared.Addresses.Add(address);
            return new I2cRegisters(device, number, address, shared.Exchange, () => Release(key, device, address), littleEndian);
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

    private void Release((Func<int, I2cBus> Open, int Number) key, I2cDevice device, int address)
    {
        lock (_gate)
        {
            var shared = _buses[key];
            lock (shared.Exchange)
                device.Dispose();
            shared.Addresses.Remove(address);
            if (shared.Addresses.Count > 0)
                return;
            _buses.Remove(key);
            shared.Bus.Dispose();
        }
    }

    private sealed record SharedBus(I2cBus Bus)
    {
        internal HashSet<int> Addresses { get; } = [];

        internal Lock Exchange { get; } = new();
    }
}
