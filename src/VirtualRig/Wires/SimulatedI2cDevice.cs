using System.Buffers.Binary;
using System.Device.I2c;

using MeterLab.VirtualRig.Faults;

namespace MeterLab.VirtualRig.Wires;

/// <summary>One address of a <see cref="SimulatedI2cBus"/>. Transfers block, as the kernel's do.</summary>
internal sealed class SimulatedI2cDevice(SimulatedI2cBus bus, I2cConnectionSettings settings, FaultGate gate) : I2cDevice
{
    private readonly ManualResetEventSlim _disposed = new();
    private byte _pointer;

    /// <inheritdoc/>
    public override I2cConnectionSettings ConnectionSettings => settings;

    /// <inheritdoc/>
    public override void Read(Span<byte> buffer)
    {
        var (chip, fault) = Address();
        ReadFrom(chip, fault, buffer);
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        var (chip, _) = Address();
        WriteTo(chip, buffer);
    }

    /// <inheritdoc/>
    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
    {
        // One transfer with a repeated start: one exchange for the fault script.
        var (chip, fault) = Address();
        WriteTo(chip, writeBuffer);
        ReadFrom(chip, fault, readBuffer);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _disposed.Set();
        bus.RemoveDevice(settings.DeviceAddress);
        base.Dispose(disposing);
    }

    private (IRegisterChip Chip, Fault? Fault) Address()
    {
        ObjectDisposedException.ThrowIf(_disposed.IsSet, this);
        var fault = gate.Next();
        switch (fault?.Kind)
        {
            case FaultKind.Delay:
                // A chip that stretches the clock holds its caller up.
                _disposed.Wait(fault.Late);
                break;
            case FaultKind.Cut:
                throw Failure(6, "No such device or address");
            case FaultKind.Exception:
                throw Failure(121, "Remote I/O error");
            case FaultKind.Silence:
                throw Failure(110, "Connection timed out");
        }

        return (bus.Find(settings.DeviceAddress) ?? throw Failure(6, "No such device or address"), fault);
    }

    private void WriteTo(IRegisterChip chip, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        _pointer = bytes[0];
        if (bytes.Length >= 3)
            chip.Write(_pointer, BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]));
    }

    private void ReadFrom(IRegisterChip chip, Fault? fault, Span<byte> bytes)
    {
        chip.Read(_pointer, bytes);
        var length = FaultGate.Damage(fault, bytes, bytes.Length - 1);
        bytes[length..].Fill(0xFF);
    }

    private static IOException Failure(int errno, string text) => new($"Error {errno} ({text}) performing I2C data transfer.");
}
