namespace MeterLab.Orchestrator.Campaigns;

/// <summary>In which order the runs of a campaign are made.</summary>
public enum RunOrder
{
    /// <summary>in a random order drawn from the seed, so that drift does not look like a difference between workloads</summary>
    Shuffled,

    /// <summary>repetition by repetition, in the order of the file</summary>
    AsWritten,
}

/// <summary>Whether the load pattern that ties the meters to the clock is played before and after the runs.</summary>
public enum SyncMode
{
    /// <summary>with as many chips as the meters ask for</summary>
    Auto,

    /// <summary>not at all</summary>
    Off,
}

/// <summary>How long the phases around a run last.</summary>
/// <param name="Settle">Rest before anything is measured.</param>
/// <param name="Baseline">Idle power is measured for so long.</param>
/// <param name="CoolDown">Rest after a run.</param>
/// <param name="Sync">The sync pattern.</param>
public sealed record PhaseTimes(TimeSpan Settle, TimeSpan Baseline, TimeSpan CoolDown, SyncMode Sync)
{
    /// <summary>5 s, 30 s, 10 s, with the pattern; 3 s between runs.</summary>
    public static PhaseTimes Default { get; } =
        new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10), SyncMode.Auto) { Between = TimeSpan.FromSeconds(3) };

    /// <summary>Idle power is measured for so long between runs and after the last.</summary>
    public TimeSpan Between { get; init; }
}

/// <summary>When a campaign starts by itself.</summary>
/// <param name="Cron">Quartz' cron expression: seconds first.</param>
/// <param name="TimeZone">The IANA zone that it is read in.</param>
public sealed record CampaignSchedule(string Cron, string TimeZone);

/// <summary>What to run: a campaign file, read and checked against its rig.</summary>
public sealed record Campaign
{
    /// <summary>Its name; an execution's id is the name and a UTC stamp.</summary>
    public required string Name { get; init; }

    /// <summary>The file that it was read from, as the user named it.</summary>
    public required string File { get; init; }

    /// <summary>The names of the targets, all known to the rig.</summary>
    public required IReadOnlyList<string> Targets { get; init; }

    /// <summary>What is run.</summary>
    public required IReadOnlyList<Workload> Workloads { get; init; }

    /// <summary>How often each combination is run, from 1.</summary>
    public int Repetitions { get; init; } = 1;

    /// <summary>The order of the runs.</summary>
    public RunOrder Order { get; init; }

    /// <summary>Seeds the order; the same file gives the same order.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>The estimators, by name or absolute path of the file that describes one; null takes those of each target.</summary>
    public IReadOnlyList<string>? Estimators { get; init; }

    /// <summary>Each estimator in runs of its own, and one run with none, so that none carries another's overhead.</summary>
    public bool Isolate { get; init; }

    /// <summary>The error that still counts as agreement, relative: 0.05 is 5 %.</summary>
    public double Tolerance { get; init; } = 0.05;

    /// <summary>The phases around a run.</summary>
    public PhaseTimes Phases { get; init; } = PhaseTimes.Default;

    /// <summary>When it starts by itself; null for a campaign that is run by hand.</summary>
    public CampaignSchedule? Schedule { get; init; }
}
