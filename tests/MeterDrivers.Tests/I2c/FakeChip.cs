using System.Device.I2c;

namespace MeterLab.MeterDrivers.Tests.I2c;

/// <summary>Registers behind System.Device.I2c: what a test puts in is what a driver reads.</summary>
internal sealed class FakeChip
{
    /// <summary>Register to bytes, most significant first.</summary>
    public Dictionary<byte, byte[]> Registers { get; } = [];

    /// <summary>Called before a register is read.</summary>
    public Action<byte>? Reading { get; set; }

    /// <summary>Called after a register was written.</summary>
    public Action<byte, ushort>? Written { get; set; }

    /// <summary>Called when a command without data was sent.</summary>
    public Action<byte>? Sent { get; set; }

    /// <summary>Every write, in order.</summary>
    public List<(byte Register, ushort Value)> Writes { get; } = [];

    public void Set(byte register, long value, int bytes = 2) =>
        Registers[register] = [.. Enumerable.Range(0, bytes).Select(i => (byte)(value >> (8 * (bytes - 1 - i))))];

    /// <summary>A PMBus chip: words travel least significant byte first.</summary>
    public bool LittleEndian { get; init; }

    public ushort Get(byte register) => (ushort)(Registers[register][0] << 8 | Registers[register][1]);
}

/// <summary>A bus with chips on it; an address without one does not acknowledge, as the kernel words it.</summary>
internal sealed class FakeBus : I2cBus
{
    public Dictionary<int, FakeChip> Chips { get; } = [];

    public bool IsDisposed { get; private set; }

    /// <summary>errno of the next exchanges, taken one by one; 0 lets one pass.</summary>
    public Queue<int> Errors { get; } = new();

    public override I2cDevice CreateDevice(int deviceAddress) => new Device(this, deviceAddress);

    public override void RemoveDevice(int deviceAddress)
    {
    }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }

    private sealed class Device(FakeBus bus, int address) : I2cDevice
    {
        private byte _pointer;

        public override I2cConnectionSettings ConnectionSettings => new(1, address);

        public override void Read(Span<byte> buffer)
        {
            var chip = Chip();
            chip.Reading?.Invoke(_pointer);
            buffer.Fill(0xFF);
            if (chip.Registers.TryGetValue(_pointer, out var stored))
            {
                var bytes = chip.LittleEndian && stored.Length == 2 ? [stored[1], stored[0]] : stored;
                bytes.AsSpan(0, Math.Min(bytes.Length, buffer.Length)).CopyTo(buffer);
            }
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            var chip = Chip();
            _pointer = buffer[0];
            if (buffer.Length == 1)
                chip.Sent?.Invoke(_pointer);
            if (buffer.Length < 3)
                return;
            var value = (ushort)(chip.LittleEndian ? buffer[2] << 8 | buffer[1] : buffer[1] << 8 | buffer[2]);
            chip.Set(_pointer, value);
            chip.Writes.Add((_pointer, value));
            chip.Written?.Invoke(_pointer, value);
        }

        public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
        {
            if (bus.Errors.TryDequeue(out var error) && error != 0)
                throw new IOException($"Error {error} (injected) performing I2C data transfer.");
            _pointer = writeBuffer[0];
            Read(readBuffer);
        }

        private FakeChip Chip() =>
            bus.Chips.TryGetValue(address, out var chip)
                ? chip
                : throw new IOException("Error 6 (No such device or address) performing I2C data transfer.");
    }
}
