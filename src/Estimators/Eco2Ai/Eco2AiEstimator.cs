using MeterLab.Estimators.Attribution;
using MeterLab.Estimators.Csv;
using MeterLab.Estimators.Text;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Eco2Ai;

/// <summary>eco2AI: a Python tracker inside the workload, which writes <c>emission.csv</c>. Its column "power_consumption" is an energy.</summary>
public sealed class Eco2AiEstimator : FileEstimator
{
    private const string Start = "start_time";
    private const string DurationColumn = "duration(s)";
    private const double JoulesPerKwh = 3.6e6;

    // Versions before 0.3 wrote the unit as kWTh.
    private static readonly string[] EnergyColumns = ["power_consumption(kWh)", "power_consumption(kWTh)"];

    /// <inheritdoc/>
    public override EstimatorFacts Facts { get; } = new()
    {
        Name = "eco2ai",
        Scopes = [Scope.CpuPackage, Scope.Gpu, Scope.Dram],
        Covers = "The processor as its TDP times the CPU share of the tracked processes; graphics boards by their power sensor at the end of each period; memory as 0.375 W/GiB of the process.",
        LeavesOut = "Other processes, board, fans, disks, the power supply's own loss; what graphics boards did between two readings.",
        RunsOnTarget = true,
        Source = "eco2AI 0.3.12",
        Clock = "Start in local time without a zone in whole seconds, duration by the wall clock; it reads every 10 s.",
        Install = "pip install eco2ai, and the workload tracks itself: Tracker(project_name=os.environ[\"METERLAB_RUN\"], file_name=\"emission.csv\").",
        OwnFiles = ["emission*.csv"],
        Needs = [new TargetNeed(NeedKind.PythonModule, "eco2ai", Essential: false, "python3 there does not have it; the workload's own Python must"), TargetNeed.Nvidia(essential: false, "graphics cards are not counted")],
        FormatVerified = false,
        Defects =
        [
            new KnownDefect("0.3.12", "an unknown processor counts as 100.1 W"),
            new KnownDefect("0.3.12", "a PUE given to the tracker is inside the energy and not in the file", "pue-unknown"),
            new KnownDefect("all", "a graphics board's power at the end of a period stands for the whole period of 10 s"),
        ],
    };

    private protected override ClaimSet Open(IReadOnlyList<EstimatorFile> files)
    {
        var findings = new List<Finding>();
        var own = files.Where(file => !Path.GetFileName(file.Path).StartsWith("encoded_", StringComparison.Ordinal)).ToArray();
        var claims = TableFiles.Open(Facts.Name, "emission.csv", own, ["id", "project_name", Start, DurationColumn], findings)
            .SelectMany(file => CsvRecord.Of(file.Path, file.Table)).Select(ToClaim).ToArray();
        if (claims.Length > 0)
            findings.Add(new Finding("pue-unknown", Severity.Note, "eco2AI's file does not tell the PUE inside its energy; its default, 1.0, is taken"));
        var repeated = claims.GroupBy(claim => claim.Tracker).Where(group => group.Count() > 1).Select(group => group.Key).ToHashSet();
        return new ClaimSet(
            null, [.. claims.Select(claim => claim.Row with { Cumulative = repeated.Contains(claim.Tracker) })], claims, findings);
    }

    private Claim ToClaim(CsvRecord record)
    {
        var energy = EnergyColumns.Select(record.Number).FirstOrDefault(value => value is not null);
        var start = record.Text(Start) is { } text && LocalTimes.Parse(text) is { } local ? LocalTimes.AsUtcSeconds(local) : (double?)null;
        var duration = record.Number(DurationColumn);
        var why = record.Damage ?? (energy, start, duration) switch
        {
            (null, _, _) => "has no energy",
            ( < 0, _, _) => "has a negative energy",
            (_, null, _) => "has no start time",
            (_, _, not > 0) => "has no duration above 0 s",
            _ => null,
        };
        var usable = why is null;
        return new Claim
        {
            Row = new EstimatorRow
            {
                Run = record.Text("id"),
                Project = record.Text("project_name"),
                EnergyJ = usable ? energy * JoulesPerKwh : null,
                DurationS = duration,
                EndedLocal = start + duration is { } ended ? LocalTimes.Write(ended) : null,
                Findings = usable ? [] : [new Finding("damaged-row", Severity.Invalid, $"the row at {record.Place} {why}; its energy is not used")],
            },
            Place = record.Place,
            Tracker = record.Text("id") ?? record.Place,
            EndedS = start + duration,
            Scopes = record.Text("GPU_name") is { } gpu && !gpu.StartsWith('0') ? Facts.Scopes : [Scope.CpuPackage, Scope.Dram],
        };
    }
}
