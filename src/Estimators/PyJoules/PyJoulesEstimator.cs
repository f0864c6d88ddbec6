using System.Text.RegularExpressions;

using MeterLab.Estimators.Attribution;
using MeterLab.Estimators.Csv;
using MeterLab.Estimators.Text;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.PyJoules;

/// <summary>pyJoules: RAPL and NVML counters read at the edges of tagged stretches of a Python workload; microjoules, separated by semicolons.</summary>
public sealed partial class PyJoulesEstimator : FileEstimator
{
    private const string Timestamp = "timestamp";
    private const string Tag = "tag";
    private const string Length = "duration";
    private const double JoulesPerMicrojoule = 1e-6;

    /// <inheritdoc/>
    public override EstimatorFacts Facts { get; } = new()
    {
        Name = "pyjoules",
        Scopes = [Scope.CpuPackage, Scope.Dram, Scope.Gpu],
        Covers = "Processor package and memory by RAPL, graphics boards by their energy counters, of the stretches that the workload marks.",
        LeavesOut = "Everything outside these stretches; board, fans, disks, the power supply's own loss.",
        RunsOnTarget = true,
        Source = "pyJoules 0.5.2",
        Clock = "Unix seconds (UTC) of the wall clock at the start of each stretch, with its length.",
        Install = "pip install pyJoules[nvidia], RAPL readable by the workload's account, and the workload tracks itself with a CSVHandler(\"pyjoules.csv\").",
        OwnFiles = ["pyjoules*.csv", "result*.csv"],
        Needs = [new TargetNeed(NeedKind.PythonModule, "pyJoules", Essential: false, "python3 there does not have it; the workload's own Python must"), TargetNeed.Rapl(essential: true, "it has no other source for the processor"), TargetNeed.Nvidia(essential: false, "graphics cards are not counted")],
        FormatVerified = false,
        Defects = [new KnownDefect("0.5.2", "one wrap of a counter is corrected; a stretch with two reads too little")],
    };

    private protected override ClaimSet Open(IReadOnlyList<EstimatorFile> files)
    {
        var findings = new List<Finding>();
        var rows = new List<EstimatorRow>();
        var claims = new List<Claim>();
        foreach (var (path, table) in TableFiles.Open(Facts.Name, "CSV with semicolons", files, [Timestamp, Tag, Length], findings, ';'))
        {
            var parts = CsvRecord.Of(path, table).Select(ToClaim).ToArray();
            rows.AddRange(parts.Select(part => parts.Length == 1 ? part.Row : part.Row with { Task = part.Row.Project }));
            claims.AddRange(parts);
            if (parts.Length > 1)
                claims.Add(Whole(path, parts));
        }

        return new ClaimSet(null, rows, claims, findings);
    }

    private static Claim Whole(string path, Claim[] parts)
    {
        var usable = parts.Where(part => part.Row.EnergyJ is not null).ToArray();
        var names = usable.SelectMany(part => part.Row.ComponentsJ.Keys).Distinct().ToArray();
        var series = usable.Length == 0 ? null : new EnergySeries(names, usable.Select(part => new EnergyInterval(
            part.EndedS!.Value - part.Row.DurationS!.Value, part.EndedS.Value, [.. names.Select(name => part.Row.ComponentsJ.GetValueOrDefault(name))])));
        List<Finding> findings = [new("parts", Severity.Note, $"the {parts.Length} stretches of {path} are added up")];
        if (usable.Length < parts.Length)
            findings.Add(new Finding("damaged-row", Severity.Invalid, $"{parts.Length - usable.Length} stretches of {path} have no usable energy; their sum is not used"));
        return SeriesClaims.Of(path, series, findings, parts[0].Scopes) with { IsWhole = true };
    }

    private static Claim ToClaim(CsvRecord record)
    {
        var joules = new Dictionary<string, double>();
        var why = record.Damage;
        for (var i = 0; i < record.Table.Header.Count && why is null; i++)
        {
            // Core and uncore are parts of the package.
            if (Domain().Match(record.Table.Header[i]) is not { Success: true } domain)
                continue;
            var name = domain.Groups[1].Value switch { "package" => "cpu", "dram" => "ram", _ => "gpu" };
            if (record.Number(i) is >= 0 and var microjoules)
                joules[name] = joules.GetValueOrDefault(name) + (microjoules * JoulesPerMicrojoule);
            else
                why = $"has no whole energy of {record.Table.Header[i]}";
        }

        var (start, duration) = (record.Number(Timestamp), record.Number(Length));
        why ??= joules.Count == 0 ? "has no column of energy" : start is null || duration is not > 0 ? "has no usable time" : null;
        return new Claim
        {
            Row = new EstimatorRow
            {
                Project = record.Text(Tag),
                EnergyJ = why is null ? joules.Values.Sum() : null,
                ComponentsJ = why is null ? joules : new Dictionary<string, double>(),
                DurationS = duration,
                EndedLocal = start + duration is { } ended ? LocalTimes.Write(ended) : null,
                Findings = why is null ? [] : [new Finding("damaged-row", Severity.Invalid, $"the row at {record.Place} {why}; its energy is not used")],
            },
            Place = record.Place,
            Tracker = record.Place,
            EndedS = start + duration,
            StampStepS = 0,
            Scopes = [.. joules.Keys.Select(name => name switch { "cpu" => Scope.CpuPackage, "ram" => Scope.Dram, _ => Scope.Gpu })],
        };
    }

    [GeneratedRegex(@"^(package|dram|nvidia_gpu)_\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex Domain();
}
