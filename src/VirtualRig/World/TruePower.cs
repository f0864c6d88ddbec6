using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Quantities;

namespace MeterLab.VirtualRig.World;

/// <summary>
/// What the virtual machine really draws: piecewise constant watts per scope on the lab's line (host monotonic, ns), with exact
/// prefix sums, so that the energy of any window costs two searches. One writer, any number of readers. It knows the past only.
/// </summary>
public sealed class TruePower
{
    private const int FirstCapacity = 1024;
    private readonly Lock _lock = new();
    private readonly IHostClock _clock;
    private readonly int _capacity;
    private long[] _startNs = new long[FirstCapacity];
    private ScopeValues[] _watts = new ScopeValues[FirstCapacity];
    private ScopeValues[] _joules = new ScopeValues[FirstCapacity];
    private int _count;
    private bool _forgot;

    /// <summary>
    /// Starts with a machine that has always drawn <paramref name="idle"/>. At most <paramref name="capacity"/> pieces are kept
    /// (2^20 of 10 ms are 2.9 hours); beyond that the older half is forgotten, and asking for it throws.
    /// </summary>
    public TruePower(IHostClock clock, in ScopeValues idle, int capacity = 1 << 20)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, FirstCapacity);
        _clock = clock;
        _capacity = capacity;
        Append(idle);
    }

    /// <summary>Host monotonic, ns, from which the power changes are known.</summary>
    public long BeginNs
    {
        get
        {
            lock (_lock)
                return _startNs[0];
        }
    }

    /// <summary>From this instant on the machine draws this, until the next call. Returns the instant, host monotonic ns.</summary>
    public long Append(in ScopeValues watts)
    {
        lock (_lock)
        {
            // The clock is read under the lock: whoever read it earlier and asks later finds the piece that held at that instant.
            var now = _clock.MonotonicNs;
            if (_count > 0 && now <= _startNs[_count - 1])
            {
                now = _startNs[_count - 1];
                _watts[_count - 1] = watts;
                return now;
            }

            if (_count == _startNs.Length)
                MakeRoom();
            _joules[_count] = _count == 0 ? default : EnergyAt(_count - 1, now);
            _startNs[_count] = now;
            _watts[_count] = watts;
            _count++;
            return now;
        }
    }

    /// <summary>
    /// The energy drawn in [<paramref name="fromNs"/>, <paramref name="toNs"/>], host monotonic ns. Before the world began the machine
    /// drew its first power. Throws <see cref="InvalidOperationException"/> for the future and for what is forgotten.
    /// </summary>
    public Joules EnergyBetween(Scope scope, long fromNs, long toNs) => new(Between(fromNs, toNs)[scope]);

    /// <summary>The mean power of a window that is longer than nothing; see <see cref="EnergyBetween"/>.</summary>
    public Watts MeanBetween(Scope scope, long fromNs, long toNs) =>
        new(EnergyBetween(scope, fromNs, toNs).Value / ((toNs - fromNs) * 1e-9));

    /// <summary>The power at an instant; see <see cref="EnergyBetween"/>.</summary>
    public Watts PowerAt(Scope scope, long atNs)
    {
        lock (_lock)
        {
            Check(atNs);
            return new Watts(_watts[Find(atNs)][scope]);
        }
    }

    /// <summary>The energy of every scope in a window, J.</summary>
    internal ScopeValues Between(long fromNs, long toNs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(toNs, fromNs);
        lock (_lock)
        {
            Check(fromNs);
            Check(toNs);
            return EnergyAt(Find(toNs), toNs).Plus(EnergyAt(Find(fromNs), fromNs), -1);
        }
    }

    private ScopeValues EnergyAt(int piece, long atNs) => _joules[piece].Plus(_watts[piece], (atNs - _startNs[piece]) * 1e-9);

    /// <summary>The piece that holds an instant; the first one also holds all time before it.</summary>
    private int Find(long atNs)
    {
        if (atNs >= _startNs[_count - 1])
            return _count - 1;
        var found = Array.BinarySearch(_startNs, 0, _count, atNs);
        return found >= 0 ? found : Math.Max(0, ~found - 1);
    }

    private void Check(long atNs)
    {
        if (_forgot && atNs < _startNs[0])
            throw new InvalidOperationException("That long ago is forgotten: the virtual world keeps the last hours only.");
        if (atNs > _clock.MonotonicNs)
            throw new InvalidOperationException("The virtual world does not know the future.");
    }

    private void MakeRoom()
    {
        if (_count < _capacity)
        {
            var size = Math.Min(_capacity, _count * 2);
            Array.Resize(ref _startNs, size);
            Array.Resize(ref _watts, size);
            Array.Resize(ref _joules, size);
            return;
        }

        var dropped = _count / 2;
        _count -= dropped;
        Array.Copy(_startNs, dropped, _startNs, 0, _count);
        Array.Copy(_watts, dropped, _watts, 0, _count);
        Array.Copy(_joules, dropped, _joules, 0, _count);
        _forgot = true;
    }
}
