namespace MeterLab.Storage.Campaigns;

/// <summary>How far a run is.</summary>
public enum RunState
{
    /// <summary>not begun</summary>
    Planned,

    /// <summary>begun; where its process was killed, the target may still be working on it</summary>
    Running,

    /// <summary>ended, with an outcome</summary>
    Finished,
}

/// <summary>What a run came to (contract, section 5). "Measured and bad" is never mixed with "could not measure".</summary>
public enum RunOutcome
{
    /// <summary>the workload ended with 0</summary>
    Passed,

    /// <summary>the workload ended with another exit code</summary>
    Failed,

    /// <summary>it could not be run or measured</summary>
    Error,

    /// <summary>it was ended for taking too long</summary>
    TimedOut,

    /// <summary>it was given up</summary>
    Aborted,
}

/// <summary>One execution of one workload.</summary>
public sealed record RunRecord
{
    /// <summary>Unique in the store; no slash, since RUN/METER/CHANNEL names a trace.</summary>
    public required string Id { get; init; }

    /// <summary>The campaign's id.</summary>
    public required string Campaign { get; init; }

    /// <summary>Its place in the plan's order, from 0, unique in the campaign.</summary>
    public required int PlanOrder { get; init; }

    /// <summary>The target's name.</summary>
    public required string Target { get; init; }

    /// <summary>The workload's name.</summary>
    public required string Workload { get; init; }

    /// <summary>The parameters, a JSON object.</summary>
    public string Parameters { get; init; } = "{}";

    /// <summary>From 1.</summary>
    public required int Repetition { get; init; }

    /// <summary>How far it is.</summary>
    public RunState State { get; init; } = RunState.Planned;

    /// <summary>Set exactly where <see cref="State"/> is finished.</summary>
    public RunOutcome? Outcome { get; init; }

    /// <summary>The runner's start stamp on the clock target:NAME, ns since 1970 as that machine believes.</summary>
    public long? StartTargetNs { get; init; }

    /// <summary>The runner's end stamp.</summary>
    public long? EndTargetNs { get; init; }

    /// <summary>The workload's exit code.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Everything else that is known of it, JSON, in the orchestrator's words.</summary>
    public string Record { get; init; } = "{}";
}
