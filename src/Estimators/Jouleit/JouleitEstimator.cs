using System.Globalization;
using System.Text.RegularExpressions;

using MeterLab.Estimators.Attribution;
using MeterLab.Estimators.Csv;
using MeterLab.Estimators.Text;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Jouleit;

/// <summary>jouleit: a shell script around a command that reads RAPL before and after; here around one that waits for the end of the run.</summary>
public sealed partial class JouleitEstimator : FileEstimator
{
    private const double PerMicro = 1e-6;

    /// <inheritdoc/>
    public override EstimatorFacts Facts { get; } = new()
    {
        Name = "jouleit",
        Scopes = [Scope.CpuPackage, Scope.Dram],
        Covers = "Processor package and memory by RAPL, as the difference of two readings.",
        LeavesOut = "Graphics cards, board, fans, disks, the power supply's own loss.",
        RunsOnTarget = true,
        Source = "github.com/powerapi-ng/jouleit at 9a0f2ab",
        Clock = "The wall clock in microseconds for the length; the start only in the file's name, in whole Unix seconds.",
        Install = "jouleit.sh on the PATH or named by command:; RAPL must be readable by its account.",
        OwnFiles = ["data*.csv"],
        Needs = [new TargetNeed(NeedKind.Program, "jouleit.sh", Essential: true, "it cannot be started"), TargetNeed.Rapl(essential: true, "it has no other source")],
        FormatVerified = false,
        Defects =
        [
            new KnownDefect("9a0f2ab", "one wrap of a counter is corrected; a run with two reads too little"),
            new KnownDefect("9a0f2ab", "headers and values are sorted apart: columns behind DURATION may stand under the wrong name and are not read"),
        ],
    };

    /// <inheritdoc/>
    public override EstimatorLaunch? Launch(EstimatorSettings settings, string run)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.SelfTracked
            ? null
            : new EstimatorLaunch(
                [settings.Command ?? "jouleit.sh", "-n", "1", .. EstimatorLaunch.Holder], EstimatorLaunch.Plain, EstimatorLaunch.NoSignal, StartTimeS: 1, StopTimeS: 10);
    }

    private protected override ClaimSet Open(IReadOnlyList<EstimatorFile> files)
    {
        var findings = new List<Finding>();
        var claims = TableFiles.Open(Facts.Name, "data….csv", files, ["CPU", "DURATION"], findings, ';')
            .SelectMany(file => Rows(file.Path, CsvRecord.Of(file.Path, file.Table))).ToArray();
        return SeriesClaims.Set(null, claims, findings);
    }

    // Repetitions follow one another at once; only the first one's start is known.
    private static IEnumerable<Claim> Rows(string path, IReadOnlyList<CsvRecord> records)
    {
        var start = Name().Match(path) is { Success: true } name ? double.Parse(name.Groups[1].Value, CultureInfo.InvariantCulture) : (double?)null;
        foreach (var record in records)
        {
            var seconds = record.Number("DURATION") * PerMicro;
            var (cpu, ram) = (record.Number("CPU") * PerMicro, record.Number("DRAM") * PerMicro);
            var why = record.Damage ?? (cpu is not >= 0 || ram is < 0 ? "has no usable energy" : seconds is not > 0 ? "has no duration above 0 s" : null);
            start = why is null ? start + seconds : null;
            var joules = new Dictionary<string, double>();
            if (why is null)
                joules["cpu"] = cpu!.Value;
            if (why is null && ram is { } memory)
                joules["ram"] = memory;
            yield return new Claim
            {
                Row = new EstimatorRow
                {
                    EnergyJ = why is null ? joules.Values.Sum() : null,
                    ComponentsJ = joules,
                    DurationS = seconds,
                    EndedLocal = start is { } ended ? LocalTimes.Write(ended) : null,
                    Findings = why is null ? [] : [new Finding("damaged-row", Severity.Invalid, $"the row at {record.Place} {why}; its energy is not used")],
                },
                Place = record.Place,
                Tracker = record.Place,
                EndedS = start,
                Scopes = ram is null ? [Scope.CpuPackage] : [Scope.CpuPackage, Scope.Dram],
            };
        }
    }

    [GeneratedRegex(@"data(\d{9,11})\.csv$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
