using System.Runtime.InteropServices;

using Microsoft.Win32.SafeHandles;

namespace MeterLab.MeterDrivers.Links;

/// <summary>The system calls of a serial line on Linux (open(2), termios(3), epoll(7)), with the values of the generic architectures (x86, ARM, RISC-V).</summary>
internal static partial class SerialNative
{
    internal const int ReadWrite = 2;
    internal const int NoControllingTerminal = 0x100;
    internal const int NonBlocking = 0x800;
    internal const int CloseOnExec = 0x80000;

    internal const int ErrorNoEntry = 2;
    internal const int ErrorInterrupted = 4;
    internal const int ErrorInputOutput = 5;
    internal const int ErrorNoDevice = 6;
    internal const int ErrorAgain = 11;
    internal const int ErrorAccess = 13;
    internal const int ErrorBusy = 16;
    internal const int ErrorNoSuchDevice = 19;
    internal const int ErrorInvalid = 22;
    internal const int ErrorNotATerminal = 25;

    internal const uint Readable = 0x1;
    internal const uint Writable = 0x4;
    internal const uint Failed = 0x8;
    internal const uint HungUp = 0x10;
    internal const uint OneShot = 1u << 30;

    internal const int EpollAdd = 1;
    internal const int EpollDelete = 2;
    internal const int EpollModify = 3;

    internal const int MonotonicClock = 1;
    internal const int AbsoluteTime = 1;

    internal const int LockExclusiveNow = 2 | 4;
    internal const nuint SetExclusive = 0x540C;
    internal const nuint ClearExclusive = 0x540D;
    internal const nuint GetExclusive = 0x80045440;
    internal const int FlushInput = 0;
    internal const int FlushBoth = 2;
    internal const int ApplyNow = 0;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial nint Read(SafeFileHandle descriptor, ref byte buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial nint Write(SafeFileHandle descriptor, ref byte buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int Lock(SafeFileHandle descriptor, int operation);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int Control(SafeFileHandle descriptor, nuint request, ref int argument);

    [LibraryImport("libc", EntryPoint = "tcflush", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int Flush(SafeFileHandle descriptor, int queue);

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int GetAttributes(SafeFileHandle descriptor, out TerminalAttributes attributes);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int SetAttributes(SafeFileHandle descriptor, int when, in TerminalAttributes attributes);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial void MakeRaw(ref TerminalAttributes attributes);

    [LibraryImport("libc", EntryPoint = "cfsetspeed", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int SetSpeed(ref TerminalAttributes attributes, uint speed);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int CreatePoll(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int ControlPoll(SafeFileHandle poll, int operation, SafeFileHandle descriptor, ref byte pollEvent);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int WaitPoll(SafeFileHandle poll, ref byte events, int capacity, int timeout);

    [LibraryImport("libc", EntryPoint = "timerfd_create", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int CreateTimer(int clock, int flags);

    [LibraryImport("libc", EntryPoint = "timerfd_settime", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int SetTimer(SafeFileHandle timer, int flags, in TimerSetting setting, nint previous);

    /// <summary>The words of the last system error, for a message: <c>No such file or directory</c>.</summary>
    internal static string Describe(int error) => Marshal.GetPInvokeErrorMessage(error);

    /// <summary>struct termios as both glibc and musl lay it out.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TerminalAttributes
    {
        public uint InputFlags;
        public uint OutputFlags;
        public uint ControlFlags;
        public uint LocalFlags;
        public byte Line;
        public ControlCharacters Characters;
        public uint InputSpeed;
        public uint OutputSpeed;
    }

    /// <summary>struct itimerspec: how often, which is never, and when.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TimerSetting
    {
        public nint IntervalSeconds;
        public nint IntervalNanoseconds;
        public nint Seconds;
        public nint Nanoseconds;
    }

    /// <summary>c_cc, by index: VTIME is 5, VMIN is 6.</summary>
    [System.Runtime.CompilerServices.InlineArray(32)]
    internal struct ControlCharacters
    {
        private byte _first;
    }
}
