using System.Runtime.InteropServices;

using Microsoft.Win32.SafeHandles;

using MeterLab.MeterDrivers;
using MeterLab.MeterDrivers.Links;

namespace MeterLab.VirtualRig.Wires;

/// <summary>
/// A pseudo terminal (pty(7)): a serial line without a wire. A device's simulator holds the master end; a driver opens
/// <see cref="SlavePath"/> as it opens /dev/ttyUSB0. One reader and one writer at a time on the master. A pty does not
/// pace bytes: a simulator that wants 9600 baud must wait itself. Linux only.
/// </summary>
public sealed partial class Pty : IDisposable
{
    private readonly SerialDescriptor _master;
    // Held open so that the master does not hang up whenever no driver has the line open.
    private readonly SafeFileHandle _slave;
    private readonly string? _link;

    private Pty(SerialDescriptor master, SafeFileHandle slave, string slavePath, string? link)
    {
        _master = master;
        _slave = slave;
        _link = link;
        SlavePath = link ?? slavePath;
    }

    /// <summary>The path that a driver opens: the link where one was asked for, otherwise /dev/pts/N.</summary>
    public string SlavePath { get; }

    /// <summary>
    /// Creates a pair in raw mode. <paramref name="link"/> names a symbolic link that is made for the slave and replaced where it
    /// exists: a path that stays the same when the device is plugged in again. Throws <see cref="LinkException"/> where the
    /// system gives no pseudo terminal.
    /// </summary>
    public static Pty Open(string? link = null)
    {
        var master = Own(OpenMaster(SerialNative.ReadWrite | SerialNative.NoControllingTerminal | SerialNative.CloseOnExec), "posix_openpt");
        try
        {
            Check(Grant(master), "grantpt");
            Check(Unlock(master), "unlockpt");
            Check(SetFlags(master, SetStatusFlags, SerialNative.ReadWrite | SerialNative.NonBlocking), "fcntl");
            var slavePath = NameOf(master);
            var slave = Own(
                SerialNative.Open(slavePath, SerialNative.ReadWrite | SerialNative.NoControllingTerminal | SerialNative.CloseOnExec), "open " + slavePath);
            Check(SerialNative.GetAttributes(slave, out var attributes), "tcgetattr");
            SerialNative.MakeRaw(ref attributes);
            Check(SerialNative.SetAttributes(slave, SerialNative.ApplyNow, attributes), "tcsetattr");
            if (link is not null)
            {
                File.Delete(link);
                File.CreateSymbolicLink(link, slavePath);
            }

            return new Pty(new SerialDescriptor(master), slave, slavePath, link);
        }
        catch
        {
            master.Dispose();
            throw;
        }
    }

    /// <summary>Waits for bytes from the driver: at least one; 0 after <see cref="HangUp"/>.</summary>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => _master.ReadAsync(buffer, cancellationToken);

    /// <summary>
    /// Sends bytes to the driver; waits while the line's buffer is full (some kilobytes). False after <see cref="HangUp"/>, where
    /// they are lost as on an unplugged cable.
    /// </summary>
    public ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => _master.WriteAsync(bytes, cancellationToken);

    /// <summary>Unplugs the device: whoever has the slave open sees a hang-up at once, and its path is gone.</summary>
    public void HangUp()
    {
        _slave.Dispose();
        _master.Dispose();
        if (_link is not null)
            File.Delete(_link);
    }

    /// <inheritdoc/>
    public void Dispose() => HangUp();

    private static SafeFileHandle Own(int descriptor, string call)
    {
        Check(descriptor < 0 ? -1 : 0, call);
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private static void Check(int result, string call)
    {
        if (result != 0)
        {
            throw new LinkException(
                LinkFailure.Unreachable, $"No pseudo terminal: {call} failed: {SerialNative.Describe(Marshal.GetLastPInvokeError())}. Is /dev/pts mounted?");
        }
    }

    private static string NameOf(SafeFileHandle master)
    {
        Span<byte> name = stackalloc byte[128];
        Check(GetName(master, ref name[0], (nuint)name.Length), "ptsname_r");
        return System.Text.Encoding.UTF8.GetString(name[..name.IndexOf((byte)0)]);
    }

    private const int SetStatusFlags = 4;

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenMaster(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Grant(SafeFileHandle master);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unlock(SafeFileHandle master);

    [LibraryImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetName(SafeFileHandle master, ref byte name, nuint length);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetFlags(SafeFileHandle master, int command, int flags);
}
