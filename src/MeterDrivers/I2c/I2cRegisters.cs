using System.Device.I2c;

namespace MeterLab.MeterDrivers.I2c;

/// <summary>
/// The registers of one chip: write the pointer, repeated start, read; most significant byte first, or last in a PMBus chip. One exchange at a time on a
/// bus. An exchange blocks for its length on the wire (0.1 to 1 ms); the kernel's adapter has the deadline (a second or so).
/// Throws <see cref="LinkException"/>; nothing is retried here.
/// </summary>
internal sealed class I2cRegisters(I2cDevice device, int bus, int address, Lock exchange, Action release, bool littleEndian = false) : IDisposable
{
    private bool _disposed;

    /// <summary>The chip's 7-bit address.</summary>
    internal int Address => address;

    /// <summary>The bus number.</summary>
    internal int Bus => bus;

    /// <summary>Two bytes of a register.</summary>
    internal ushort ReadUInt16(byte register) => (ushort)Read(new ChipField(register));

    /// <summary>A number where the chip's map has it.</summary>
    internal long Read(ChipField field)
    {
        const int Longest = 8;
        Span<byte> value = (stackalloc byte[Longest])[..field.Bytes];
        Read(field.Register, value);
        var raw = 0UL;
        for (var i = 0; i < value.Length; i++)
            raw = raw << 8 | value[littleEndian ? value.Length - 1 - i : i];
        return field.Decode(raw);
    }

    /// <summary>The bytes of an SMBus block: their number comes first. Returns what fits <paramref name="block"/>.</summary>
    internal int ReadBlock(byte command, Span<byte> block)
    {
        const int Longest = 33;
        Span<byte> whole = (stackalloc byte[Longest])[..(block.Length + 1)];
        Read(command, whole);
        var length = Math.Min(whole[0], block.Length);
        whole.Slice(1, length).CopyTo(block);
        return length;
    }

    /// <summary>Sends a PMBus command that has no data.</summary>
    internal void Send(byte command) => Write([command]);

    /// <summary>Writes two bytes.</summary>
    internal void Write(byte register, ushort value) => Write(
        littleEndian ? [register, (byte)value, (byte)(value >> 8)] : [register, (byte)(value >> 8), (byte)value]);

    private void Write(ReadOnlySpan<byte> bytes)
    {
        lock (exchange)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            try
            {
                device.Write(bytes);
            }
            catch (IOException e)
            {
                throw I2cFailure.OfExchange(bus, address, e);
            }
        }
    }

    private void Read(byte register, Span<byte> value)
    {
        lock (exchange)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            try
            {
                device.WriteRead([register], value);
            }
            catch (IOException e)
            {
                throw I2cFailure.OfExchange(bus, address, e);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (exchange)
        {
            if (_disposed)
                return;
            _disposed = true;
        }

        release();
    }
}
