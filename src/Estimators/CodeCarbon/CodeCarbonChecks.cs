using System.Globalization;

using MeterLab.Measurement;

namespace MeterLab.Estimators.CodeCarbon;

/// <summary>Whether a row agrees with itself and with what its kind of machine can draw.</summary>
internal static class CodeCarbonChecks
{
    private const double JoulesPerKwh = 3.6e6;

    // CodeCarbon adds the components up in another order than the total; thousands of rounded additions stay far below this.
    private const double SumTolerance = 1e-9;
    private const double RateTolerance = 1e-6;

    // RAM is a constant times time; readings take 0.05 to 1.5 % of it, and start and stop cost a fixed moment.
    private const double RamTimeTolerance = 0.02;
    private const double RamTimeSlackS = 0.2;

    // No socket draws this; a failed RAPL read taken for a wrap of its counter does (3.x).
    private const double AbsurdCpuW = 2000;

    // 2.x takes half of 85 W for a processor that it does not know, whatever the load.
    private const double UnknownCpuW = 42.5;

    /// <summary>
    /// The reason why the energies cannot be used although every field could be read; null where they can. <paramref name="pue"/> is the row's or its run's.
    /// </summary>
    public static Finding? Unusable(CodeCarbonRecord record, double pue)
    {
        if (!double.IsFinite(pue) || pue <= 0)
            return Invalid("pue", $"the row at {record.Place} has no usable PUE; it is inside the energy and cannot be taken out");
        if (record is not { CpuKwh: { } cpu, GpuKwh: { } gpu, RamKwh: { } ram, TotalKwh: { } total })
            return Invalid("damaged-row", $"the row at {record.Place} lacks an energy");
        if (cpu < 0 || gpu < 0 || ram < 0 || total < 0)
            return Invalid("negative-energy", $"the row at {record.Place} holds a negative energy, what a counter that wrapped leaves behind");
        if (record.DurationS is not > 0)
            return Invalid("duration", $"the row at {record.Place} has no duration above 0 s");
        var sum = cpu + gpu + ram;
        return Math.Abs(sum - total) > SumTolerance * Math.Max(sum, total)
            ? Invalid("energy-sum", $"the row at {record.Place} says {Text(total)} kWh, but its cpu, gpu and ram add up to {Text(sum)} kWh: a field is damaged")
            : null;
    }

    /// <summary>Reservations about a usable row. <paramref name="taskMode"/>: tasks of the same tracker were written too.</summary>
    public static IEnumerable<Finding> Reservations(CodeCarbonRecord record, double pue, bool taskMode)
    {
        var duration = record.DurationS!.Value;
        var cpuW = record.CpuKwh!.Value * JoulesPerKwh / pue / duration;
        var runOfTasks = taskMode && !record.IsTask;
        if (!record.IsTask && RateIsWrong(record, duration))
            yield return Warning("emissions-rate", $"the row at {record.Place}: emissions per duration are not its emissions_rate; its duration is doubtful");
        if (runOfTasks)
        {
            yield return Warning("task-mode",
                $"the row at {record.Place} is of a tracker in task mode: its energy is that of all tasks, its duration ({Text(duration)} s) only the time since the last start_task(); the time between tasks was not measured");
        }
        else if (record.Mode == "machine" && RamTime(record, pue) is { } ramTime
            && Math.Abs(ramTime - duration) > RamTimeTolerance * duration + RamTimeSlackS)
        {
            yield return Warning("ram-duration", $"the row at {record.Place}: its RAM energy is worth {Text(ramTime)} s of its RAM power, but it claims {Text(duration)} s");
        }

        if (record.CpuKwh == 0)
            yield return Warning("cpu-zero", $"the row at {record.Place} holds no CPU energy at all: its sensor could not be read (RAPL needs permission)");
        if (record is { GpuCount: > 0, GpuKwh: 0 })
            yield return Warning("gpu-no-counter", $"the row at {record.Place} counts {record.GpuCount} GPU but no GPU energy: the card has no energy counter, and its share is missing");
        if (!runOfTasks && cpuW > AbsurdCpuW)
            yield return Warning("cpu-absurd", $"the row at {record.Place} claims {Text(cpuW)} W of CPU power, what a failed RAPL read taken for a counter wrap leaves behind");
        if (Math.Abs(cpuW - UnknownCpuW) < 0.01 * UnknownCpuW && record.CpuPowerW == UnknownCpuW)
            yield return Warning("constant-mode", $"the row at {record.Place}: CPU power is 42.5 W, what 2.x takes for a processor that it does not know; it does not follow the load");
        if (record.Mode == "process")
            yield return Warning("process-mode", $"the row at {record.Place} was tracked in process mode: RAM and modelled CPU power are those of the tracker's own processes, RAPL and GPU those of the machine");
    }

    // Versions before 2.2 wrote grams a second. Task rows (3.3.0) keep the rate of the tracker's last window and are not tested.
    private static bool RateIsWrong(CodeCarbonRecord record, double duration)
    {
        if (record is not { EmissionsKg: { } emissions and > 0, EmissionsRate: { } rate and > 0 })
            return false;
        var ratio = rate * duration / emissions;
        return Math.Abs(ratio - 1) > RateTolerance && Math.Abs(ratio / 1000 - 1) > RateTolerance;
    }

    private static double? RamTime(CodeCarbonRecord record, double pue) =>
        record is { RamPowerW: > 0 and { } power, RamKwh: { } energy } ? energy * JoulesPerKwh / pue / power : null;

    private static string Text(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    private static Finding Invalid(string rule, string detail) => new(rule, Severity.Invalid, detail + "; its energy is not used");

    private static Finding Warning(string rule, string detail) => new(rule, Severity.Warning, detail);
}
