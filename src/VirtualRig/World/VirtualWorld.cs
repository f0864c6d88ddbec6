using MeterLab.Measurement.Clocks;

namespace MeterLab.VirtualRig.World;

/// <summary>
/// The physics of the virtual rig. Every tick it asks how busy the machine was in the tick before (so power follows work, never
/// precedes it), adds the scripted loads and appends what the machine draws from now on.
/// <code>
/// cpu-dc  = idle + k x busy cores (first-order rise) + script
/// gpu-dc  = idle + share x busy cores (same rise) + script
/// psu-dc  = cpu-dc + gpu-dc + rest + running services
/// wall-ac = psu-dc / efficiency(psu-dc) + constant
/// </code>
/// Either <see cref="Start"/> lets it tick by itself, or a test calls <see cref="Step"/>; never both.
/// </summary>
public sealed class VirtualWorld : IAsyncDisposable
{
    /// <summary>Time between ticks.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly IHostClock _clock;
    private readonly ICpuLoad _cpu;
    private readonly VirtualServices? _services;
    private readonly CancellationTokenSource _stop = new();
    private readonly long _beginNs;
    private long _lastNs;
    private double _busy;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _ticking;

    /// <summary>Creates the world at this instant, idle but for its services.</summary>
    public VirtualWorld(IHostClock clock, WorldParameters parameters, ICpuLoad cpu, VirtualServices? services = null)
    {
        ArgumentNullException.ThrowIfNull(clock);
        _clock = clock;
        _cpu = cpu;
        _services = services;
        Parameters = parameters;
        Truth = new TruePower(clock, PowerAt(0, 0));
        _beginNs = Truth.BeginNs;
        _lastNs = _beginNs;
    }

    /// <summary>The machine.</summary>
    public WorldParameters Parameters { get; }

    /// <summary>What it really draws.</summary>
    public TruePower Truth { get; }

    /// <summary>
    /// Lets it tick until disposed, on a thread of its own: waking a pooled one a hundred times a second costs the virtual machine several
    /// percent of a real processor in spinning, and a busy pool would hold the physics up.
    /// </summary>
    public void Start()
    {
        if (_ticking)
            throw new InvalidOperationException("The virtual world already ticks.");
        _ticking = true;
        new Thread(Run) { IsBackground = true, Name = "virtual world" }.Start();
    }

    /// <summary>One tick, now.</summary>
    public void Step()
    {
        var now = _clock.MonotonicNs;
        var elapsed = now - _lastNs;
        if (elapsed <= 0)
            return;
        _lastNs = now;
        var wanted = Math.Clamp(_cpu.BusyCores(now, elapsed), 0, Parameters.LogicalProcessors);
        var rise = Parameters.CpuRiseSeconds;
        _busy += (wanted - _busy) * (rise > 0 ? 1 - Math.Exp(-elapsed * 1e-9 / rise) : 1);
        Truth.Append(PowerAt(_busy, (now - _beginNs) * 1e-9));
    }

    /// <summary>Stops the ticking. Throws what ended it before its time.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_ticking)
            await _ended.Task.ConfigureAwait(false);
        _stop.Dispose();
    }

    private void Run()
    {
        try
        {
            while (!_stop.Token.WaitHandle.WaitOne(Tick))
                Step();
            _ended.SetResult();
        }
        catch (Exception failure)
        {
            // Kept for whoever disposes: an exception on this thread would take the process down.
            _ended.SetException(failure);
        }
    }

    private ScopeValues PowerAt(double busy, double seconds)
    {
        var p = Parameters;
        var cpu = Math.Max(0, p.CpuIdleWatts + p.CpuWattsPerBusyCore * busy + p.CpuScript.WattsAt(seconds));
        var gpu = Math.Max(0, p.GpuIdleWatts + p.GpuWattsPerBusyCore * busy + p.GpuScript.WattsAt(seconds));
        var psu = cpu + gpu + Math.Max(0, p.RestScript.WattsAt(seconds)) + (_services?.Watts() ?? 0);
        return new ScopeValues(cpu, gpu, psu, p.WallFor(psu));
    }
}
