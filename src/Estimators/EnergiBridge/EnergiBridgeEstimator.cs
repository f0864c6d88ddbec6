using System.Globalization;
using System.Text.RegularExpressions;

using MeterLab.Estimators.Attribution;
using MeterLab.Estimators.Csv;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.EnergiBridge;

/// <summary>
/// EnergiBridge: processor registers read every 200 ms into a CSV of raw cumulative joules. It can only wrap a command, so it wraps one
/// that waits for the end of the run.
/// </summary>
public sealed partial class EnergiBridgeEstimator : FileEstimator
{
    private const string Time = "Time";

    /// <inheritdoc/>
    public override EstimatorFacts Facts { get; } = new()
    {
        Name = "energibridge",
        Scopes = [Scope.CpuPackage, Scope.Dram, Scope.Gpu],
        Covers = "Processor package (of core 0's socket on Intel) and memory by the processor's registers; graphics boards by their power sensor.",
        LeavesOut = "Further sockets on Intel, board, fans, disks, the power supply's own loss.",
        RunsOnTarget = true,
        Source = "github.com/tdurieux/EnergiBridge 0.0.7 at d059164",
        Clock = "Unix milliseconds (UTC) of the wall clock, every 200 ms.",
        Install = "EnergiBridge's binary on the PATH or named by command:, the msr module loaded, and the right to read /dev/cpu/*/msr.",
        OwnFiles = ["energibridge*.csv"],
        VersionQuery = ["energibridge", "--version"],
        Needs =
        [
            new TargetNeed(NeedKind.Program, "energibridge", Essential: true, "it cannot be started"),
            new TargetNeed(NeedKind.ReadableFile, "/dev/cpu/*/msr", Essential: true, "it reads the processor's registers itself (modprobe msr, and rights)"),
            TargetNeed.Nvidia(essential: false, "graphics cards are not counted"),
        ],
        FormatVerified = false,
        Defects =
        [
            new KnownDefect("0.0.7", "counters of 32 bits wrap uncorrected: a step backwards", "counter-wrap"),
            new KnownDefect("0.0.7", "memory takes the package's unit: 4 times too much on servers with a fixed unit of 15.3 uJ", "dram-unit"),
            new KnownDefect("0.0.7", "its help gives the interval in microseconds, its README a default of 100; it is milliseconds and 200"),
        ],
    };

    /// <inheritdoc/>
    public override EstimatorLaunch? Launch(EstimatorSettings settings, string run)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.SelfTracked)
            return null;
        var milliseconds = (settings.IntervalS ?? 0.2) * 1000;
        if (milliseconds < 1 || milliseconds > 3_600_000)
            throw new ConfigurationException("energibridge's interval is 1ms to 3600s", key: "interval");
        return new EstimatorLaunch(
            [settings.Command ?? "energibridge", "-o", "energibridge.csv", "-g", "-i", milliseconds.ToString("0", CultureInfo.InvariantCulture), .. EstimatorLaunch.Holder],
            EstimatorLaunch.Plain, EstimatorLaunch.NoSignal, StartTimeS: 2, StopTimeS: 15);
    }

    private protected override ClaimSet Open(IReadOnlyList<EstimatorFile> files)
    {
        var findings = new List<Finding>();
        var claims = TableFiles.Open(Facts.Name, "energibridge.csv", files, ["Delta", Time], findings).Select(file => ToClaim(file.Path, file.Table)).ToArray();
        return SeriesClaims.Set(null, claims, findings);
    }

    private static Claim ToClaim(string path, CsvTable table)
    {
        var findings = new List<Finding>();
        var columns = Columns(table);
        var records = CsvRecord.Of(path, table);
        var whole = records.Where(record => record.Damage is null && record.Number(Time) is not null && columns.All(column => record.Number(column.Index) is not null)).ToArray();
        if (whole.Length < records.Count)
            findings.Add(new Finding("damaged-row", Severity.Warning, $"{records.Count - whole.Length} of {records.Count} rows of {path} are not whole and are left out: the file was cut off or changed"));
        if (columns.Length == 0)
            findings.Add(new Finding("no-power", Severity.Invalid, $"{path} has no column of energy or power: the registers could not be read; its energy is not used"));
        if (columns.Any(column => column.Component == "ram"))
            findings.Add(new Finding("dram-unit", Severity.Warning, $"{path}: memory is scaled with the package's unit, 4 times too much on servers whose memory has a unit of its own"));
        if (columns.Where(column => column.IsCounter).Any(column => whole.Zip(whole.Skip(1)).Any(pair => pair.Second.Number(column.Index) < pair.First.Number(column.Index))))
            findings.Add(new Finding("counter-wrap", Severity.Invalid, $"a counter of {path} steps backwards: it wrapped, and the file does not tell by how much; its energy is not used"));
        var names = columns.Select(column => column.Component).Distinct().ToArray();
        return SeriesClaims.Of(path, Series(whole, columns, names), findings, Scopes(names));
    }

    private readonly record struct Column(int Index, string Component, bool IsCounter, double Factor);

    private static Column[] Columns(CsvTable table)
    {
        var columns = new List<Column>();
        for (var i = 0; i < table.Header.Count; i++)
        {
            var name = table.Header[i];
            if (name is "PACKAGE_ENERGY (J)" or "CPU_ENERGY (J)")
                columns.Add(new Column(i, "cpu", true, 1));
            else if (name is "DRAM_ENERGY (J)")
                columns.Add(new Column(i, "ram", true, 1));
            else if (name is "SYSTEM_POWER (Watts)")
                columns.Add(new Column(i, "system", false, 1));
            else if (GpuPower().IsMatch(name))
                columns.Add(new Column(i, "gpu", false, 1e-3));
        }

        return [.. columns];
    }

    private static EnergySeries? Series(CsvRecord[] rows, Column[] columns, string[] names)
    {
        if (rows.Length < 2 || columns.Length == 0)
            return null;
        return new EnergySeries(names, rows.Zip(rows.Skip(1)).Select(pair =>
        {
            var (from, to) = (pair.First.Number(Time)!.Value / 1000, pair.Second.Number(Time)!.Value / 1000);
            return new EnergyInterval(from, to, [.. names.Select(name => columns.Where(column => column.Component == name).Sum(column => column.IsCounter
                ? pair.Second.Number(column.Index)!.Value - pair.First.Number(column.Index)!.Value
                : pair.Second.Number(column.Index)!.Value * column.Factor * (to - from)))]);
        }));
    }

    private static Scope[] Scopes(string[] names) =>
        [.. names.Select(name => name switch { "cpu" => Scope.CpuPackage, "ram" => Scope.Dram, "system" => Scope.Psys, _ => Scope.Gpu })];

    [GeneratedRegex(@"^GPU\d+_POWER \(mWatts\)$", RegexOptions.CultureInvariant)]
    private static partial Regex GpuPower();
}
