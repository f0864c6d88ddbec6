using System.Globalization;

using MeterLab.Measurement;

namespace MeterLab.Estimators.CpuLoad;

/// <summary>The mean load of a run from the CPU time that the target counted.</summary>
internal static class CpuTime
{
    /// <summary>CPU time is counted in steps and read a moment before and after the stamps: this much above 1 is still full load.</summary>
    public const double FullLoad = 1.05;

    /// <summary>0 to 1, or null with a finding that says why.</summary>
    public static double? MeanLoad(RunFacts run, List<Finding> findings)
    {
        if (run.Hardware.LogicalCpus is not > 0 || !(run.DurationS > 0))
        {
            findings.Add(Unknown("the number of logical processors or the duration of the run is not known, so the load cannot be worked out"));
            return null;
        }

        if ((run.MachineCpuSeconds ?? run.CpuSeconds) is not { } seconds || !(seconds >= 0))
        {
            findings.Add(Unknown("the target did not tell how much CPU time the run took"));
            return null;
        }

        if (run.MachineCpuSeconds is null)
            findings.Add(new Finding("load-of-workload", Severity.Note, "only the workload's own CPU time is known; what else kept the processor busy is missing in the load"));
        var load = seconds / (run.DurationS * run.Hardware.LogicalCpus.Value);
        if (load <= FullLoad)
            return Math.Min(load, 1);
        findings.Add(new Finding("load-above-full", Severity.Invalid, string.Create(CultureInfo.InvariantCulture,
            $"{seconds:0.##} s of CPU time in {run.DurationS:0.##} s is more than {run.Hardware.LogicalCpus} logical processors can give")));
        return null;
    }

    private static Finding Unknown(string detail) => new("load-unknown", Severity.Invalid, detail);
}
