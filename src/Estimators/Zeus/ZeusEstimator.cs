using MeterLab.Estimators.Attribution;
using MeterLab.Estimators.Csv;
using MeterLab.Estimators.Text;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Zeus;

/// <summary>
/// Zeus: energy counters read at the edges of windows. Beside a workload as <c>python -m zeus.monitor energy</c>, whose figure is on the
/// console; inside a workload as a log file with a row a window, which holds the graphics cards only.
/// </summary>
public sealed class ZeusEstimator : FileEstimator
{
    private const string Start = "start_time";
    private const string Window = "window_name";
    private const string Elapsed = "elapsed_time";

    /// <inheritdoc/>
    public override EstimatorFacts Facts { get; } = new()
    {
        Name = "zeus",
        Scopes = [Scope.Gpu, Scope.CpuPackage, Scope.Dram],
        Covers = "Graphics boards by their energy counters (or power sensor where there is none), and on the console processor package and memory by RAPL.",
        LeavesOut = "Board, fans, disks, the power supply's own loss; its log file leaves the processor out.",
        RunsOnTarget = true,
        Source = "github.com/ml-energy/zeus at 75a8b93 (2026-08-20)",
        Clock = "Window starts in Unix seconds (UTC), lengths by the wall clock; counters are read at the edges only.",
        Install = "pip install zeus; command: names the Python that has it (default python3). RAPL must be readable for the processor's share.",
        OwnFiles = ["zeus*.csv"],
        Needs =
        [
            new TargetNeed(NeedKind.Program, "python3", Essential: true, "it cannot be started"),
            new TargetNeed(NeedKind.PythonModule, "zeus", Essential: true, "pip install zeus, or name the Python that has it by command:"),
            TargetNeed.Nvidia(essential: false, "graphics cards are not counted"),
            TargetNeed.Rapl(essential: false, "the processor is not counted"),
        ],
        FormatVerified = false,
        Defects =
        [
            new KnownDefect("all", "a window shorter than the counter's update period reads 0 J", "zero-window"),
            new KnownDefect("all", "its total_energy is the graphics cards' sum alone; here the parts are added up"),
        ],
    };

    /// <inheritdoc/>
    public override EstimatorLaunch? Launch(EstimatorSettings settings, string run)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.SelfTracked
            ? null
            : new EstimatorLaunch([settings.Command ?? "python3", "-m", "zeus.monitor", "energy"], EstimatorLaunch.Plain, StopSignal: "INT", StartTimeS: 10, StopTimeS: 15, ReadyText: "started.");
    }

    private protected override ClaimSet Open(IReadOnlyList<EstimatorFile> files)
    {
        var console = files.Select(ZeusConsole.TryRead).OfType<Claim>().ToArray();
        if (console.Length > 0)
            return SeriesClaims.Set(null, console, []);
        var findings = new List<Finding>();
        var claims = TableFiles.Open(Facts.Name, "log file with windows", files, [Start, Window, Elapsed], findings)
            .SelectMany(file => CsvRecord.Of(file.Path, file.Table)).Select(ToClaim).ToArray();
        return SeriesClaims.Set(null, claims, findings);
    }

    private static Claim ToClaim(CsvRecord record)
    {
        var cards = Enumerable.Range(0, record.Table.Header.Count)
            .Where(i => record.Table.Header[i].StartsWith("gpu", StringComparison.Ordinal) && record.Table.Header[i].EndsWith("_energy", StringComparison.Ordinal)).ToArray();
        var joules = cards.Select(record.Number).ToArray();
        var (start, elapsed) = (record.Number(Start), record.Number(Elapsed));
        var why = record.Damage
            ?? (cards.Length == 0 ? "has no graphics card's energy"
            : !Array.TrueForAll(joules, value => value is >= 0) ? "has a card without a whole energy"
            : start is null || elapsed is not > 0 ? "has no usable time" : null);
        List<Finding> findings = why is null ? [] : [new Finding("damaged-row", Severity.Invalid, $"the row at {record.Place} {why}; its energy is not used")];
        if (why is null && joules.Contains(0))
            findings.Add(new Finding("zero-window", Severity.Invalid, $"the row at {record.Place} has a card with 0 J: its window is shorter than the counter's update period; its energy is not used"));
        var usable = findings.Count == 0;
        return new Claim
        {
            Row = new EstimatorRow
            {
                Project = record.Text(Window),
                EnergyJ = usable ? joules.Sum() : null,
                ComponentsJ = usable ? new Dictionary<string, double> { ["gpu"] = joules.Sum()!.Value } : new Dictionary<string, double>(),
                DurationS = elapsed,
                EndedLocal = start + elapsed is { } ended ? LocalTimes.Write(ended) : null,
                Findings = findings,
            },
            Place = record.Place,
            Tracker = record.Place,
            EndedS = start + elapsed,
            StampStepS = 0,
            Scopes = [Scope.Gpu],
        };
    }
}
