using System.Device.I2c;

namespace MeterLab.MeterDrivers.I2c;

/// <summary>
/// The registers of one chip: write the pointer, repeated start, read; most significant byte first, or last in a PMBus chip. One exchange at a time on a
/// bus. An exchange blocks for its length on the wire (0.1 to 1 ms); the kernel's adapter has the deadline (a second or so).
/// Throws <see cref="LinkException"/>; nothing is retried here.
/// </summary>
internal sealed class I2cRegisters(Func<BusAttachment?> attach, int bus, int address, bool littleEndian) : IDisposable
{
    private BusAttachment? _attachment = attach();
    private bool _disposed;

    /// <summary>Registers of a chip that is not there: every exchange fails.</summary>
    internal static I2cRegisters Absent(bool littleEndian) => new(() => null, 0, 0, littleEndian);

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
        var (device, exchange, _) = Attached();
        try
        {
            lock (exchange)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                device.Write(bytes);
            }
        }
        catch (IOException e)
        {
            throw Failed(e);
        }
    }

    private void Read(byte register, Span<byte> value)
    {
        var (device, exchange, _) = Attached();
        try
        {
            lock (exchange)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                device.WriteRead([register], value);
            }
        }
        catch (IOException e)
        {
            throw Failed(e);
        }
    }

    /// <summary>After the bus went away: opens it anew, where it is back. Throws <see cref="LinkException"/> where it is not.</summary>
    internal void Reopen()
    {
        _attachment ??= attach();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Detach(lost: false);
    }

    // Attached except between a bus that went away and one that came back.
    private BusAttachment Attached()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _attachment ?? throw I2cFailure.Gone(bus, null);
    }

    private LinkException Failed(IOException cause)
    {
        var failure = I2cFailure.OfExchange(bus, address, cause);
        // Let go at once: while anybody holds a bus, its adapter's driver cannot be unloaded, nor come back under the same number.
        if (failure.Failure == LinkFailure.Closed)
            Detach(lost: true);
        return failure;
    }

    private void Detach(bool lost)
    {
        var attachment = _attachment;
        _attachment = null;
        attachment?.Release(lost);
    }
}
