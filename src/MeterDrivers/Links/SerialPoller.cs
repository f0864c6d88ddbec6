using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

using Microsoft.Win32.SafeHandles;

namespace MeterLab.MeterDrivers.Links;

/// <summary>
/// One thread that waits for every serial line of the process (epoll(7), one shot, level triggered) and wakes whoever
/// waits for it. The lines themselves are non-blocking, so a waiting reader costs no thread and can always be cancelled.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "One a process, used until it ends.")]
internal sealed class SerialPoller
{
    // The kernel packs struct epoll_event on x86 only: 12 bytes there, 16 elsewhere.
    private static readonly bool Packed = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86;
    private static readonly int EventSize = Packed ? 12 : 16;
    private static readonly int DataOffset = Packed ? 4 : 8;
    private static readonly Lazy<SerialPoller> LazyShared = new(() => new SerialPoller());

    private readonly SafeFileHandle _poll;
    private readonly ConcurrentDictionary<long, SerialDescriptor> _watched = new();
    private long _lastKey;

    private SerialPoller()
    {
        var poll = SerialNative.CreatePoll(SerialNative.CloseOnExec);
        if (poll < 0)
            throw new LinkException(LinkFailure.Unreachable, $"epoll_create1 failed: {SerialNative.Describe(Marshal.GetLastPInvokeError())}.");
        _poll = new SafeFileHandle(poll, ownsHandle: true);
        new Thread(Run) { IsBackground = true, Name = "serial lines" }.Start();
    }

    /// <summary>The poller of this process, started by its first line.</summary>
    internal static SerialPoller Shared => LazyShared.Value;

    /// <summary>Begins to watch a line, for nothing yet. Returns the key for <see cref="Arm"/> and <see cref="Remove"/>.</summary>
    internal long Add(SerialDescriptor line)
    {
        var key = Interlocked.Increment(ref _lastKey);
        _watched[key] = line;
        Control(SerialNative.EpollAdd, line.Handle, key, 0);
        return key;
    }

    /// <summary>Asks to be woken once for any of <paramref name="events"/>; replaces what was asked before.</summary>
    internal void Arm(long key, SafeFileHandle handle, uint events) => Control(SerialNative.EpollModify, handle, key, events);

    /// <summary>Stops watching. An event already under way finds nobody and is dropped.</summary>
    internal void Remove(long key, SafeFileHandle handle)
    {
        if (_watched.TryRemove(key, out _))
            Control(SerialNative.EpollDelete, handle, key, 0);
    }

    private void Control(int operation, SafeFileHandle handle, long key, uint events)
    {
        Span<byte> pollEvent = stackalloc byte[16];
        MemoryMarshal.Write(pollEvent, events | SerialNative.OneShot);
        MemoryMarshal.Write(pollEvent[DataOffset..], key);
        if (SerialNative.ControlPoll(_poll, operation, handle, ref pollEvent[0]) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            throw new LinkException(LinkFailure.Closed, $"epoll_ctl({operation}) failed: {SerialNative.Describe(error)}.");
        }
    }

    private void Run()
    {
        const int Capacity = 32;
        var events = new byte[Capacity * EventSize];
        while (true)
        {
            var count = SerialNative.WaitPoll(_poll, ref events[0], Capacity, -1);
            // A signal interrupts the wait; there is nothing else that could fail with a valid descriptor.
            for (var i = 0; i < count; i++)
            {
                var pollEvent = events.AsSpan(i * EventSize, EventSize);
                if (_watched.TryGetValue(MemoryMarshal.Read<long>(pollEvent[DataOffset..]), out var line))
                    line.Signal(MemoryMarshal.Read<uint>(pollEvent));
            }
        }
    }
}
