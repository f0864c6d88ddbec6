using MeterLab.Measurement.Clocks;

namespace MeterLab.VirtualRig.Faults;

/// <summary>All faults of a rig, and the one place that decides whether an exchange is hit. May be added to at any time.</summary>
public sealed class FaultScript
{
    private static readonly TimeSpan DefaultCut = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly IHostClock _clock;
    private readonly long _beginNs;
    private readonly List<Armed> _faults = [];

    /// <summary>Times count from now.</summary>
    public FaultScript(IHostClock clock, params ReadOnlySpan<Fault> faults)
    {
        ArgumentNullException.ThrowIfNull(clock);
        _clock = clock;
        _beginNs = clock.MonotonicNs;
        foreach (var fault in faults)
            Add(fault);
    }

    /// <summary>Adds a fault; <see cref="Fault.At"/> counts from the start of the rig, so that zero means at once.</summary>
    public void Add(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        lock (_lock)
            _faults.Add(new Armed(fault));
    }

    /// <summary>The faults of one wire.</summary>
    internal FaultGate Gate(string wire) => new(this, wire);

    /// <summary>Counts an exchange against the script: the first fault that hits it, or null.</summary>
    internal Fault? Next(string wire, long exchange)
    {
        lock (_lock)
        {
            var now = _clock.MonotonicNs;
            foreach (var armed in _faults)
            {
                if (armed.Fault.Wire == wire && armed.Hits(exchange, now, now - _beginNs))
                    return armed.Fault;
            }

            return null;
        }
    }

    /// <summary>Whether a wire is cut now; counts nothing.</summary>
    internal bool IsCut(string wire, long exchange)
    {
        lock (_lock)
        {
            var now = _clock.MonotonicNs;
            foreach (var armed in _faults)
            {
                // A cut always goes by time, so that asking uses none of its exchanges up.
                if (armed.Fault.Wire == wire && armed.Fault.Kind == FaultKind.Cut && armed.Hits(exchange, now, now - _beginNs))
                    return true;
            }

            return false;
        }
    }

    private sealed class Armed(Fault fault)
    {
        private long _firstNs = -1;
        private int _hits;

        public Fault Fault { get; } = fault;

        public bool Hits(long exchange, long nowNs, long elapsedNs)
        {
            var begun = _firstNs >= 0
                || (Fault.AtExchange is { } first ? exchange >= first : elapsedNs >= Ns(Fault.At));
            if (!begun)
                return false;
            if (_firstNs < 0)
                _firstNs = nowNs;
            var duration = Fault.For == TimeSpan.Zero && Fault.Kind == FaultKind.Cut ? DefaultCut : Fault.For;
            if (duration == TimeSpan.Zero)
                return _hits++ < Fault.Exchanges;
            // By time it ends on schedule even if no exchange came; by exchange it lasts from the one that it hit.
            var since = Fault.AtExchange is null ? elapsedNs - Ns(Fault.At) : nowNs - _firstNs;
            return since < Ns(duration);
        }

        private static long Ns(TimeSpan time) => time.Ticks * 100;
    }
}
