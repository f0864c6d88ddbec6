using MeterLab.Measurement.Clocks;

namespace MeterLab.MeterDrivers.Modbus;

/// <summary>
/// The open buses by where they lead: two meters on one serial line or behind one gateway share it and take turns, and one
/// bus never waits for another. The last user closes it.
/// </summary>
internal sealed class ModbusBusRegistry
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>
    /// Takes part in the bus of this key, made with these settings where it is not in use yet. Returns null where it is in use with
    /// another serial line format.
    /// </summary>
    public Lease? Join(string key, ModbusBusSettings settings, IHostClock clock, TimeProvider time)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out var entry))
                _entries.Add(key, entry = new Entry(new ModbusBus(settings, clock, time), settings));
            else if ((settings.Paces && entry.Settings.Line != settings.Line) || entry.Settings.Echo != settings.Echo)
                return null;
            entry.Users++;
            return new Lease(this, key, entry.Bus);
        }
    }

    private async ValueTask LeaveAsync(string key)
    {
        Entry entry;
        lock (_gate)
        {
            entry = _entries[key];
            if (--entry.Users > 0)
                return;
            _entries.Remove(key);
        }

        await entry.Bus.DisposeAsync().ConfigureAwait(false);
    }

    private sealed class Entry(ModbusBus bus, ModbusBusSettings settings)
    {
        public ModbusBus Bus { get; } = bus;

        public ModbusBusSettings Settings { get; } = settings;

        public int Users { get; set; }
    }

    /// <summary>One user's part in a bus; disposing it twice is harmless.</summary>
    internal sealed class Lease(ModbusBusRegistry registry, string key, ModbusBus bus) : IAsyncDisposable
    {
        private int _left;

        /// <summary>The bus.</summary>
        public ModbusBus Bus => bus;

        /// <inheritdoc/>
        public ValueTask DisposeAsync() => Interlocked.Exchange(ref _left, 1) == 0 ? registry.LeaveAsync(key) : ValueTask.CompletedTask;
    }
}
