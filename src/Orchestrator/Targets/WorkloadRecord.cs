namespace MeterLab.Orchestrator.Targets;

/// <summary>What became of a workload, as the target itself recorded it.</summary>
public sealed record WorkloadRecord
{
    /// <summary>Just before the program, ns of the target's clock.</summary>
    public required long StartNs { get; init; }

    /// <summary>Just after its end, ns of the target's clock.</summary>
    public required long EndNs { get; init; }

    /// <summary>
    /// The exit code, 128 + n where signal n ended it. A program that itself exits with such a code looks the same: POSIX shells do not
    /// tell the two apart.
    /// </summary>
    public required int ExitCode { get; init; }

    /// <summary>The signal that ended it, with the reservation of <see cref="ExitCode"/>; null where it exited.</summary>
    public int? Signal => ExitCode is > 128 and <= 128 + 64 ? ExitCode - 128 : null;

    /// <summary>Whether the time limit stopped it.</summary>
    public required bool TimedOut { get; init; }

    /// <summary>Whether it was asked to stop: by the lab, or as an estimator at the end of its workload.</summary>
    public required bool Stopped { get; init; }

    /// <summary>Whether processes of it were left over after its end, and were killed.</summary>
    public required bool Leftovers { get; init; }

    /// <summary>
    /// User and system CPU seconds of the program and of those descendants that were waited for; resolution 10 ms. Processes that
    /// left the family are only in <see cref="MachineCpuSeconds"/>.
    /// </summary>
    public required double CpuSeconds { get; init; }

    /// <summary>Busy CPU seconds of the whole machine between the stamps (user, nice, system, interrupts); null where it does not tell.</summary>
    public required double? MachineCpuSeconds { get; init; }

    /// <summary>CPU seconds that supervising cost.</summary>
    public required double RunnerCpuSeconds { get; init; }

    /// <summary>The target's boot; null where it does not tell. Stamps of two boots do not belong together.</summary>
    public required string? BootId { get; init; }

    /// <summary>How often the machine was suspended between the stamps; null where it does not tell.</summary>
    public required long? Suspends { get; init; }

    /// <summary>The end of what was kept of standard output.</summary>
    public string OutputTail { get; init; } = "";

    /// <summary>The end of what was kept of standard error.</summary>
    public string ErrorTail { get; init; } = "";

    /// <summary>What the supervising shell had to say; empty is good.</summary>
    public string Log { get; init; } = "";
}
