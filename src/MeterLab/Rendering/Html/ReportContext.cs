using MeterLab.Cli.Rendering.Html.Plots;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Cli.Rendering.Html;

/// <summary>What several sections of a report need to know of its input.</summary>
internal sealed class ReportContext
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _listed;
    private readonly string _prefix;

    public ReportContext(ReportInput input)
    {
        // A run's id is the campaign's id, a dot, and its name: within one campaign the name says all and fits a table.
        _prefix = input.Results.Id + ".";
        Results = input.Results with { Runs = [.. input.Results.Runs.Select(run => run with { Run = Short(run.Run) })] };
        Traces = [.. input.Traces.Select(trace => trace with { Run = Short(trace.Run) })];
        Baselines = input.Baselines;
        Pruned = input.Pruned;
        Provenance = input.Provenance is { } known ? known with { Traces = [.. known.Traces.Select(trace => trace with { Run = Short(trace.Run) })] } : null;
        Listed = RunSelection.Choose(Results);
        _listed = Listed.Select(run => run.Run).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < Results.Runs.Count; i++)
            _numbers.TryAdd(Results.Runs[i].Run, i);
        Palette = new Palette([.. Results.Runs.SelectMany(run => run.Estimators).Select(estimator => estimator.Estimator).Distinct(StringComparer.Ordinal)]);
        HasTruth = Results.Runs.SelectMany(run => run.Meters.Append(run.Meter)).Any(meter => meter?.TruthJ is not null);
        Representative = FindRepresentative();
    }

    /// <summary>The campaign, its runs named without its id.</summary>
    public CampaignResults Results { get; }

    /// <summary>The traces that can be drawn.</summary>
    public IReadOnlyList<PowerTracePlot> Traces { get; }

    /// <summary>What was said when the raw samples were removed; null where they are there.</summary>
    public string? Pruned { get; }

    /// <summary>Idle powers of the targets, the oldest first.</summary>
    public IReadOnlyList<BaselinePoint> Baselines { get; }

    /// <summary>Where the raw data lies; null where nobody told.</summary>
    public ResultProvenance? Provenance { get; }

    /// <summary>The runs that the tables list one by one.</summary>
    public IReadOnlyList<RunResult> Listed { get; }

    /// <summary>What a caption adds where not all runs are listed; empty where all are.</summary>
    public string ListedNote => Listed.Count == Results.Runs.Count
        ? ""
        : $"; {Figures.Whole(Listed.Count)} of {Figures.Whole(Results.Runs.Count)} runs, those not valid and the first of every kind of work; all are in runs.csv and results.json";

    /// <summary>One colour and marker an estimator.</summary>
    public Palette Palette { get; }

    /// <summary>Whether the virtual rig told the true energies.</summary>
    public bool HasTruth { get; }

    /// <summary>The valid run with the median energy, of those with a trace if there are any; null where no run is valid.</summary>
    public RunResult? Representative { get; }

    /// <summary>Where the runs table shows a run: the target of a link; null where it is not listed.</summary>
    public string? AnchorOf(string run) => _listed.Contains(run) ? "run-" + Figures.Whole(_numbers.GetValueOrDefault(run) + 1) : null;

    /// <summary>The run of a name; null where there is none.</summary>
    public RunResult? Find(string run) => _numbers.TryGetValue(run, out var i) ? Results.Runs[i] : null;

    /// <summary>The group of a run, as the summary names it.</summary>
    public static string GroupOf(RunResult run) => $"{run.Target}/{run.Workload}";

    /// <summary>The meter figure that an estimator was compared with.</summary>
    public static MeterResult? ReferenceOf(RunResult run, EstimatorResult estimator) =>
        run.Meters.FirstOrDefault(meter => meter.Scope == estimator.ComparedWith && meter.Role == "truth")
        ?? (run.Meter?.Scope == estimator.ComparedWith ? run.Meter : null);

    /// <summary>All meter figures of a run, the main one first.</summary>
    public static IEnumerable<MeterResult> MetersOf(RunResult run) => run.Meter is { } main
        ? run.Meters.Where(meter => (meter.Meter, meter.Channel, meter.Scope) != (main.Meter, main.Channel, main.Scope)).Prepend(main)
        : run.Meters;

    /// <summary>Parameters as text: <c>batch=4, model=vgg16</c>.</summary>
    public static string ParametersOf(RunResult run) => run.Parameters.Count == 0
        ? Figures.Missing
        : string.Join(", ", run.Parameters.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));

    private string Short(string run) => run.StartsWith(_prefix, StringComparison.Ordinal) && run.Length > _prefix.Length ? run[_prefix.Length..] : run;

    private RunResult? FindRepresentative()
    {
        var traced = Traces.Select(trace => trace.Run).ToHashSet(StringComparer.Ordinal);
        List<RunResult> valid =
        [
            .. Results.Runs.Where(run => run.Valid && run.Meter?.EnergyJ is not null)
                .OrderBy(run => run.Meter!.EnergyJ).ThenBy(run => run.Run, StringComparer.Ordinal),
        ];
        List<RunResult> drawn = [.. valid.Where(run => traced.Contains(run.Run))];
        var from = drawn.Count > 0 ? drawn : valid;
        return from.Count > 0 ? from[from.Count / 2] : null;
    }
}
