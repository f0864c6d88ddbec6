using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.CodeCarbon;

/// <summary>What is known of CodeCarbon.</summary>
internal static class CodeCarbonFacts
{
    public static EstimatorFacts Facts { get; } = new()
    {
        Name = "codecarbon",
        Scopes = [Scope.CpuPackage, Scope.Gpu, Scope.Dram],
        Covers = "Processor package by RAPL, or by a model of TDP and load where RAPL cannot be read; graphics boards by their energy counters; memory as a constant.",
        LeavesOut = "Fans, board, disks, network, the power supply's own loss; graphics cards without an energy counter.",
        RunsOnTarget = true,
        Source = "github.com/mlco2/codecarbon, read at 2.3.5, 2.8.4, 3.2.9 and 3.3.0",
        Clock = "Duration by the monotonic clock; the end as local wall time without a zone in whole seconds (launched with TZ=UTC). It reads every 15 s (the monitor: 10 s), and at start and stop.",
        Install = "pip install codecarbon, with codecarbon on the PATH or named by command:. Reading RAPL needs /sys/class/powercap/*/energy_uj readable by its account; without, its CPU figure is a model.",
        OwnFiles = ["emissions*.csv", "emissions*.csv*.bak", "emissions*.jsonl", "codecarbon*.log"],
        WorkloadEnvironment = new Dictionary<string, string> { ["TZ"] = "UTC", ["METERLAB_RUN"] = "{run}", ["CODECARBON_PROJECT_NAME"] = "{run}" },
        VersionQuery = ["codecarbon", "--version"],
        Needs =
        [
            new TargetNeed(NeedKind.Program, "codecarbon", Essential: true, "it cannot be started"),
            TargetNeed.Rapl(essential: false, "the processor's share is a model, not a measurement"),
            TargetNeed.Nvidia(essential: false, "graphics cards are not counted"),
            new TargetNeed(NeedKind.AbsentFile, "/tmp/.codecarbon.lock", Essential: false, "a lock of another tracker lies there; versions 2.4 to 2.8 measure nothing while it does"),
        ],
        Defects =
        [
            new KnownDefect("3.2.9 to 3.3.0", "appended rows lose their empty columns and shift left", "short-row"),
            new KnownDefect("3.3.0", "on_csv_write=update fails on empty columns: only the first flush survives", "write-failed"),
            new KnownDefect("2.0 to 3.3.0", "in task mode the run's duration is only that since the last start_task()", "task-mode"),
            new KnownDefect("2.0 to 3.3.0", "RAPL domains of several dies that mirror one counter are added up"),
            new KnownDefect("3.0 to 3.3.0", "a failed read of a RAPL counter is taken for a wrap of it: some 261 kJ too much", "cpu-absurd"),
            new KnownDefect("2.0 to 2.8.4", "without RAPL the CPU is a constant half of its TDP, 42.5 W where it is unknown, whatever the load", "constant-mode"),
            new KnownDefect("3.2.9 to 3.3.0", "rapl_include_dram changes nothing"),
            new KnownDefect("3.2.1 to 3.3.0", "cpu_utilization_percent is near 0 in machine mode without RAPL; it is not used"),
            new KnownDefect("3.0.4 to 3.3.0", "the load model weighs samples of 1 s and of milliseconds alike: at intervals of 1 s it is noise"),
            new KnownDefect("2.0 to 3.3.0", "graphics cards without an energy counter count as 0 J", "gpu-no-counter"),
            new KnownDefect("2.4 to 2.8.4", "a lock file left by a killed tracker keeps later ones from measuring", "lock"),
        ],
    };
}
