using System.Buffers.Binary;
using System.Device.I2c;

namespace MeterLab.MeterDrivers.I2c;

/// <summary>
/// The registers of one chip, most significant byte first: write the pointer, repeated start, read. One exchange at a time on a
/// bus. An exchange blocks for its length on the wire (0.1 to 1 ms); the kernel's adapter has the deadline (a second or so).
/// Throws <see cref="LinkException"/>; nothing is retried here.
/// </summary>
internal sealed class I2cRegisters(I2cDevice device, int bus, int address, Lock exchange, Action release) : IDisposable
{
    private bool _disposed;

    /// <summary>The chip's 7-bit address.</summary>
    internal int Address => address;

    /// <summary>The bus number.</summary>
    internal int Bus => bus;

    internal ushort ReadUInt16(byte register)
    {
        Span<byte> value = stackalloc byte[2];
        Read(register, value);
        return BinaryPrimitives.ReadUInt16BigEndian(value);
    }

    internal short ReadInt16(byte register) => (short)ReadUInt16(register);

    internal uint ReadUInt24(byte register)
    {
        Span<byte> value = stackalloc byte[3];
        Read(register, value);
        return (uint)(value[0] << 16 | value[1] << 8 | value[2]);
    }

    /// <summary>The 20-bit two's complement number in bits 23 to 4.</summary>
    internal int ReadInt20(byte register) => (int)(ReadUInt24(register) << 8) >> 12;

    /// <summary>The 20-bit unsigned number in bits 23 to 4.</summary>
    internal uint ReadUInt20(byte register) => ReadUInt24(register) >> 4;

    internal ulong ReadUInt40(byte register)
    {
        Span<byte> value = stackalloc byte[5];
        Read(register, value);
        return (ulong)value[0] << 32 | BinaryPrimitives.ReadUInt32BigEndian(value[1..]);
    }

    /// <summary>A 40-bit two's complement number.</summary>
    internal long ReadInt40(byte register) => (long)(ReadUInt40(register) << 24) >> 24;

    internal void Write(byte register, ushort value)
    {
        Span<byte> bytes = [register, (byte)(value >> 8), (byte)value];
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
