using System.Runtime.InteropServices;

using Microsoft.Win32.SafeHandles;

namespace MeterLab.MeterDrivers.Links;

/// <summary>A serial line through Linux's own calls: non-blocking, exclusive, cancellable, with a hang-up that is seen at once.</summary>
internal sealed class SerialTerminalLink : IByteLink
{
    private const uint SevenBits = 0x20;
    private const uint EightBits = 0x30;
    private const uint TwoStopBits = 0x40;
    private const uint EnableReceiver = 0x80;
    private const uint EnableParity = 0x100;
    private const uint OddParity = 0x200;
    private const uint HangUpOnClose = 0x400;
    private const uint IgnoreModemLines = 0x800;
    private const uint HardwareFlowControl = 0x80000000;
    private const uint CharacterMask = SevenBits | EightBits | TwoStopBits | EnableParity | OddParity | HangUpOnClose | HardwareFlowControl;
    private const uint SpeedMask = 0x100F;
    private const uint CheckParity = 0x10;
    private const int MinimumTime = 5;
    private const int MinimumBytes = 6;

    private readonly SerialDescriptor _line;

    private SerialTerminalLink(string name, SerialDescriptor line)
    {
        Name = name;
        _line = line;
    }

    /// <inheritdoc/>
    public string Name { get; }

    internal static SerialTerminalLink Open(string path, SerialSettings settings)
    {
        var descriptor = SerialNative.Open(
            path, SerialNative.ReadWrite | SerialNative.NonBlocking | SerialNative.NoControllingTerminal | SerialNative.CloseOnExec);
        if (descriptor < 0)
            throw OpenFailure(path, Marshal.GetLastPInvokeError());
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            Claim(path, handle);
            Apply(path, handle, settings);
            SerialNative.Flush(handle, SerialNative.FlushBoth);
            return new SerialTerminalLink(path, new SerialDescriptor(handle));
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (!await _line.WriteAsync(bytes, cancellationToken).ConfigureAwait(false))
            throw Gone();
    }

    /// <inheritdoc/>
    [System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(buffer.Length, nameof(buffer));
        var count = await _line.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        return count > 0 ? count : throw Gone();
    }

    /// <inheritdoc/>
    public void DiscardInput()
    {
        // A line that is gone has nothing to discard; the next read or write says so.
        if (!_line.Handle.IsClosed)
            SerialNative.Flush(_line.Handle, SerialNative.FlushInput);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (!_line.Handle.IsClosed)
        {
            // The mark outlives this descriptor where somebody else has the terminal open too.
            var ignored = 0;
            SerialNative.Control(_line.Handle, SerialNative.ClearExclusive, ref ignored);
            _line.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    // flock(2) keeps out programs that lock as well, TIOCEXCL all others; root passes TIOCEXCL, so the mark is looked at, too.
    private static void Claim(string path, SafeFileHandle handle)
    {
        var exclusive = 0;
        if (SerialNative.Control(handle, SerialNative.GetExclusive, ref exclusive) != 0
            && Marshal.GetLastPInvokeError() == SerialNative.ErrorNotATerminal)
        {
            throw new LinkException(LinkFailure.Unreachable, $"{path} is not a serial line. Name a device file such as /dev/ttyUSB0 or /dev/serial/by-id/…");
        }

        if (exclusive != 0 || SerialNative.Lock(handle, SerialNative.LockExclusiveNow) != 0)
            throw Busy(path);
        var ignored = 0;
        SerialNative.Control(handle, SerialNative.SetExclusive, ref ignored);
    }

    private static void Apply(string path, SafeFileHandle handle, SerialSettings settings)
    {
        if (SerialNative.GetAttributes(handle, out var attributes) != 0)
            throw SetFailure(path, settings);
        SerialNative.MakeRaw(ref attributes);
        attributes.ControlFlags &= ~CharacterMask;
        attributes.ControlFlags |= EnableReceiver | IgnoreModemLines
            | (settings.DataBits == 7 ? SevenBits : EightBits)
            | (settings.StopBits == 2 ? TwoStopBits : 0)
            | (settings.Parity == SerialParity.None ? 0 : EnableParity)
            | (settings.Parity == SerialParity.Odd ? OddParity : 0);
        // A character with wrong parity then reads as 0, which the frame's own check finds.
        if (settings.Parity != SerialParity.None)
            attributes.InputFlags |= CheckParity;
        // With VMIN 0 an idle line would read 0, which must mean that it is gone.
        attributes.Characters[MinimumTime] = 0;
        attributes.Characters[MinimumBytes] = 1;
        // The C library may call a setting that changed nothing invalid; what counts is what stands afterwards.
        var essential = SpeedMask | (IsPseudoTerminal(path) ? 0 : CharacterMask & ~HangUpOnClose);
        if (SerialNative.SetSpeed(ref attributes, settings.BaudCode) != 0
            || (SerialNative.SetAttributes(handle, SerialNative.ApplyNow, attributes) != 0
                && Marshal.GetLastPInvokeError() != SerialNative.ErrorInvalid)
            || SerialNative.GetAttributes(handle, out var applied) != 0
            || ((applied.ControlFlags ^ attributes.ControlFlags) & essential) != 0)
        {
            throw SetFailure(path, settings);
        }
    }

    // A pty has no characters on a wire: it keeps the speed and forgets parity and width.
    private static bool IsPseudoTerminal(string path) => SerialHolder.Resolve(path).StartsWith("/dev/pts/", StringComparison.Ordinal);

    private static LinkException SetFailure(string path, SerialSettings settings) => new(
        LinkFailure.Unreachable, $"{path} does not take {settings.Baud} baud, {settings.DataBits} data bits, parity {settings.Parity}, {settings.StopBits} stop bits.");

    /// <summary>What open(2) failing with this errno means to a person.</summary>
    internal static LinkException OpenFailure(string path, int error) => error switch
    {
        SerialNative.ErrorNoEntry => new(LinkFailure.Unreachable, $"{path}: no such device. Is it plugged in? `ls /dev/serial/by-id` shows what is."),
        SerialNative.ErrorAccess => new(
            LinkFailure.Denied, $"{path}: this user may not open it. Join the group that owns it: `sudo usermod -aG dialout $USER`, then log in again."),
        SerialNative.ErrorBusy => Busy(path),
        _ => new(LinkFailure.Unreachable, $"{path} does not open: {SerialNative.Describe(error)}."),
    };

    private static LinkException Busy(string path)
    {
        var holder = SerialHolder.Find(path);
        return new LinkException(
            LinkFailure.Busy, $"{path}: another program holds this port{(holder is null ? "" : $": {holder}")}. Stop it, or name another port.");
    }

    private LinkException Gone() => new(LinkFailure.Closed, $"{Name}: the port went away. Was the device unplugged?");
}
