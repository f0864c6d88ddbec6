using MeterLab.Estimators.Attribution;
using MeterLab.Estimators.Csv;
using MeterLab.Estimators.Text;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.PowerJoular;

/// <summary>PowerJoular beside the workload: mean power of processor and graphics card, a row a second.</summary>
public sealed class PowerJoularEstimator : FileEstimator
{
    private const string Date = "Date";
    private const string Total = "Total Power";
    private const string Cpu = "CPU Power";
    private const string Gpu = "GPU Power";

    /// <inheritdoc/>
    public override EstimatorFacts Facts { get; } = new()
    {
        Name = "powerjoular",
        Scopes = [Scope.CpuPackage, Scope.Dram, Scope.Gpu],
        Covers = "RAPL's platform domain, or package and memory, and the graphics card by nvidia-smi, as power a second.",
        LeavesOut = "Board, fans, disks, the power supply's own loss, unless the platform domain has them.",
        RunsOnTarget = true,
        Source = "PowerJoular 1.1.1",
        Clock = "Local time without a zone in whole seconds (launched with TZ=UTC); a row a second, each the mean since the one before.",
        Install = "PowerJoular's package, on the PATH or named by command:; RAPL must be readable by its account (as a rule root).",
        OwnFiles = ["powerjoular*.csv"],
        Needs =
        [
            new TargetNeed(NeedKind.Program, "powerjoular", Essential: true, "it cannot be started"), TargetNeed.Rapl(essential: true, "it has no other source"),
            TargetNeed.Nvidia(essential: false, "graphics cards are not counted"),
        ],
        FormatVerified = false,
        Defects =
        [
            new KnownDefect("before 2024", "wraps of the counter were not corrected"),
            new KnownDefect("all", "which domain it read (platform, or package and memory) is not in its file", "domain-unknown"),
        ],
    };

    /// <inheritdoc/>
    public override EstimatorLaunch? Launch(EstimatorSettings settings, string run)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.IntervalS is not null and not 1)
            throw new ConfigurationException("powerjoular measures every 1s and nothing else", key: "interval");
        return settings.SelfTracked
            ? null
            : new EstimatorLaunch([settings.Command ?? "powerjoular", "-f", "powerjoular.csv"], EstimatorLaunch.Plain, StopSignal: "INT", StartTimeS: 4, StopTimeS: 10);
    }

    private protected override ClaimSet Open(IReadOnlyList<EstimatorFile> files)
    {
        var findings = new List<Finding>();
        var claims = TableFiles.Open(Facts.Name, "powerjoular.csv", files, [Date, Cpu], findings).Select(file => ToClaim(file.Path, file.Table)).ToArray();
        return SeriesClaims.Set(null, claims, findings);
    }

    private static Claim ToClaim(string path, CsvTable table)
    {
        var findings = new List<Finding> { new("domain-unknown", Severity.Note, $"{path} does not tell whether its CPU power is the platform's or that of package and memory") };
        var gpu = table.IndexOf(Gpu) >= 0;
        var records = CsvRecord.Of(path, table);
        var samples = new List<(double AtS, IReadOnlyList<double> Watts)>();
        foreach (var record in records.Where(record => record.Damage is null))
        {
            if (record.Text(Date) is { } date && LocalTimes.Parse(date) is { } time && record.Number(Cpu) is >= 0 and var cpu && (!gpu || record.Number(Gpu) is >= 0)
                && (samples.Count == 0 || LocalTimes.AsUtcSeconds(time) > samples[^1].AtS))
                samples.Add((LocalTimes.AsUtcSeconds(time), gpu ? [cpu, record.Number(Gpu)!.Value] : [cpu]));
        }

        if (samples.Count < records.Count)
            findings.Add(new Finding("damaged-row", Severity.Warning, $"{records.Count - samples.Count} of {records.Count} rows of {path} are not whole, or not later than the row before, and are left out"));
        if (table.IndexOf(Total) < 0)
            findings.Add(new Finding("process-share", Severity.Warning, $"{path} is about one process only: its share of the processor's power by CPU time"));
        return SeriesClaims.Of(
            path, EnergySeries.FromMeanPower(gpu ? ["cpu", "gpu"] : ["cpu"], samples), findings,
            gpu ? [Scope.CpuPackage, Scope.Dram, Scope.Gpu] : [Scope.CpuPackage, Scope.Dram]);
    }
}
