namespace MeterLab.VirtualRig.World;

/// <summary>
/// Follows the CPU time of the workloads' own processes (members of their groups and sessions, and their descendants) and nothing else
/// of the machine.
/// <para>
/// A process counts with its own CPU time and with that of the children it has waited for, so that one which starts and ends between two
/// looks is found in its parent. Not counted: the last tick (10 ms) of a group's last process, and what a child used that nobody in the
/// group waited for, since the last look at it. Nothing is counted twice: where one reading sees a child both alive and in its parent's
/// sum, the next reading takes it back. Time that was found late is drawn late: the load of a new process is seen within
/// 50 ms.
/// </para>
/// </summary>
public sealed class ProcessCpuLoad : ICpuLoad
{
    private const long RescanNs = 50_000_000;
    private const int LooksBeforeStranger = 3;
    private const int ScansBeforeForgetting = 20;
    private const int TicksBeforeForgiving = 10;
    private readonly ProcessGroups _announced;
    private readonly int _processors;
    private readonly HashSet<int> _groups = [];
    private readonly Dictionary<int, Followed> _followed = [];
    private readonly Dictionary<int, int> _strangers = [];
    private readonly List<int> _gone = [];
    private long _nextScanNs;
    private long _retiredNs;
    private long _lastTotalNs;
    private long _pendingNs;
    private int _ticksInDebt;
    private int _emptyScans;
    private int _newest = -1;
    private int _quietLooks;

    /// <summary>Follows every workload whose runner keeps its state in a folder below <paramref name="stateRoot"/>.</summary>
    public ProcessCpuLoad(string stateRoot, int logicalProcessors)
    {
        ArgumentException.ThrowIfNullOrEmpty(stateRoot);
        ArgumentOutOfRangeException.ThrowIfLessThan(logicalProcessors, 1);
        _announced = new ProcessGroups(stateRoot);
        _processors = logicalProcessors;
    }

    /// <summary>All CPU time followed so far, ns.</summary>
    public long TotalNs { get; private set; }

    /// <inheritdoc/>
    public double BusyCores(long nowNs, long elapsedNs)
    {
        if (nowNs >= _nextScanNs)
        {
            Look();
            _nextScanNs = nowNs + RescanNs;
        }

        var total = Read();
        _pendingNs += total - _lastTotalNs;
        _lastTotalNs = total;
        ForgiveDebt();

        // More than the machine can do in this tick was found late; it is drawn in the next ones.
        var used = Math.Clamp(_pendingNs, 0, elapsedNs * _processors);
        _pendingNs -= used;
        TotalNs += used;
        return used / (double)elapsedNs;
    }

    /// <summary>
    /// A sum that fell is mostly rounding of the children's times (10 ms) or a reading between a child's end and its parent's sum, and
    /// comes back. If it does not, a parent refused its children's times, and the loss is final.
    /// </summary>
    private void ForgiveDebt()
    {
        _ticksInDebt = _pendingNs < 0 ? _ticksInDebt + 1 : 0;
        if (_ticksInDebt <= TicksBeforeForgiving)
            return;
        _pendingNs = 0;
        _ticksInDebt = 0;
    }

    private long Read()
    {
        _gone.Clear();
        var total = 0L;
        foreach (var (pid, process) in _followed)
        {
            if (process.Update(pid))
                total += process.TotalNs;
            else
                _gone.Add(pid);
        }

        foreach (var pid in _gone)
        {
            // Where its parent is followed, its time has just moved there; else what was last seen stays counted.
            var process = _followed[pid];
            if (!_followed.ContainsKey(process.Parent) || _gone.Contains(process.Parent))
                _retiredNs += process.TotalNs;
        }

        foreach (var pid in _gone)
            _followed.Remove(pid);
        return total + _retiredNs;
    }

    private void Look()
    {
        foreach (var group in _announced.FindNew())
        {
            _groups.Add(group);
            _strangers.Clear();
            _emptyScans = 0;
            _quietLooks = 0;
        }

        if (_groups.Count == 0)
            return;
        // A process may join its session some time after it was born: the looks go on for a while after the last birth.
        var newest = ProcessStat.Newest();
        _quietLooks = newest >= 0 && newest == _newest ? _quietLooks + 1 : 0;
        _newest = newest;
        if (_quietLooks <= LooksBeforeStranger || _followed.Count == 0)
            Scan();
    }

    private void Scan()
    {
        foreach (var pid in ProcessStat.List())
        {
            if (_followed.ContainsKey(pid) || _strangers.GetValueOrDefault(pid) >= LooksBeforeStranger)
                continue;
            if (!ProcessStat.TryRead(pid, out var stat))
                continue;
            if (IsOurs(pid, stat))
                _followed.Add(pid, new Followed(stat));
            else
                _strangers[pid] = _strangers.GetValueOrDefault(pid) + 1;
        }

        // Numbers of ended strangers come back to life as somebody else: start over now and then.
        if (_strangers.Count > 4096)
            _strangers.Clear();
        _emptyScans = _followed.Count == 0 ? _emptyScans + 1 : 0;
        if (_emptyScans >= ScansBeforeForgetting)
            ForgetEndedGroups();
    }

    private bool IsOurs(int pid, in ProcessStat stat) =>
        _groups.Contains(pid) || _groups.Contains(stat.Group) || _groups.Contains(stat.Session) || _followed.ContainsKey(stat.Parent);

    private void ForgetEndedGroups()
    {
        // No member for a second: the workloads have ended, and nothing is left to look for.
        _groups.Clear();
        _strangers.Clear();
        _emptyScans = 0;
    }

    private sealed class Followed(in ProcessStat first)
    {
        private readonly long _startTicks = first.StartTicks;

        /// <summary>The parent when last seen.</summary>
        public int Parent { get; private set; } = first.Parent;

        /// <summary>Its own CPU time and that of the children it waited for, ns, when last seen.</summary>
        public long TotalNs { get; private set; }

        /// <summary>Looks again; false when this process is gone.</summary>
        public bool Update(int pid)
        {
            if (!ProcessStat.TryRead(pid, out var stat) || stat.StartTicks != _startTicks)
                return false;
            if (!ProcessClock.TryRead(pid, out var own))
                own = stat.OwnTicks * ProcessStat.TickNs;
            Parent = stat.Parent;
            TotalNs = Math.Max(TotalNs, own + stat.ChildTicks * ProcessStat.TickNs);
            return true;
        }
    }
}
