using MeterLab.Orchestrator.Reports;
using MeterLab.Orchestrator.Studies;
using MeterLab.Storage.Studies;

namespace MeterLab.Cli.Tests.Reports;

/// <summary>Reports that are hard to lay out: long names, many estimators, one run, none, errors without bounds, very many runs, a study.</summary>
internal static class ReportCases
{
    public const string LongName = "an_estimator_whose_name_is_as_long_as_somebody_might_wish_for_2026";

    public static ReportInput SixtyRunsOfEightEstimators()
    {
        var input = SyntheticCampaign.Input(runs: 60);
        return WithRuns(input, run => run with
        {
            Estimators = [.. Enumerable.Range(0, 8).SelectMany(i => run.Estimators.Take(1).Select(e => e with
            {
                Estimator = i == 7 ? LongName : $"estimator-{i}", ErrorPct = e.ErrorPct + (i * 0.3), EnergyJ = e.EnergyJ * (1 + (0.003 * i)),
            }))],
            Parameters = new Dictionary<string, string>(run.Parameters) { ["model"] = run.Repetition % 2 == 0 ? "llama3:8b" : "tiny-1.1b" },
        });
    }

    public static ReportInput OneRun() => SyntheticCampaign.Input(runs: 1);

    public static ReportInput NoValidRun()
    {
        var input = WithRuns(SyntheticCampaign.Input(), run => run with { Valid = false });
        return input with { Results = input.Results with { Summary = [], Breakdown = [], Calibration = [] }, Baselines = [] };
    }

    public static ReportInput ErrorsOfThousandsOfPercent() => WithRuns(SyntheticCampaign.Input(), run => run with
    {
        Estimators = [.. run.Estimators.Select((e, i) => i == 1 ? e with { ErrorPct = e.ErrorPct * 900, EnergyJ = e.EnergyJ * 90 } : i == 2 ? e with { EnergyJ = e.EnergyJ * 0.002, ErrorPct = -99.8 } : e)],
    });

    public static StudyReportInput Study()
    {
        var random = new Random(3);
        List<StudyPoint> points = [.. Enumerable.Range(0, 60).SelectMany(i => Points(i, random))];
        var groups = points.GroupBy(point => (point.Group, point.Estimator)).Select(group => SummaryRows.Of(
            group.Key.Group, group.Key.Estimator, [.. group.Select(point => new ErrorPoint(point.ErrorPct, point.ErrorUncertaintyPct / 2, 0, point.Model))], 5));
        return new StudyReportInput
        {
            Result = new StudyReportResult
            {
                Study = "recorded-2025", Experiments = 60, Groups = [.. groups], Calibration = SyntheticCampaign.Input().Results.Calibration,
                Findings = [new FindingRow("short-runs", "warning", "Most runs are shorter than the meter's resolution allows.")],
            },
            Points = points,
            Recordings =
            [
                new StudyRecording
                {
                    Name = "imagenet_120", Sha256 = new string('a', 64), ResolutionJ = 3600, Experiments = [], Skipped = [new StudySkipped("x1", "empty field")], Findings = [],
                },
            ],
            MeterlabVersion = "0.1.0",
        };
    }

    private static IEnumerable<StudyPoint> Points(int i, Random random)
    {
        var (seconds, meter) = (120.0, 3600.0 * (4 + random.Next(12)));
        for (var estimator = 0; estimator < 2; estimator++)
        {
            yield return new StudyPoint
            {
                Recording = "imagenet_120", Run = $"{i:x32}", Group = i % 3 == 0 ? "vision-cpu" : "vision-gpu", Model = $"net{i % 12}",
                ModelParameters = 2e6 * Math.Pow(1.5, i % 12), Estimator = estimator == 0 ? "codecarbon" : "ml-co2-impact", DurationS = seconds, MeterJ = meter,
                MeterUncertaintyJ = 2939, EstimateJ = estimator == 0 ? meter * (0.7 + (0.06 * random.NextDouble())) : 300 * seconds,
            };
        }
    }

    /// <summary>Changes every run, and works out the summaries and the mean powers of the traces anew.</summary>
    private static ReportInput WithRuns(ReportInput input, Func<RunResult, RunResult> change)
    {
        List<RunResult> runs = [.. input.Results.Runs.Select(change)];
        List<SummaryRow> Rows(Func<RunResult, string> group, string? by) =>
        [
            .. runs.Where(run => run.Valid).SelectMany(run => run.Estimators.Where(e => e.ErrorPct is not null).Select(e => (Group: group(run), Run: run, e)))
                .GroupBy(one => (one.Group, one.e.Estimator))
                .Select(rows => SummaryRows.Of(rows.Key.Group, rows.Key.Estimator,
                    [.. rows.Select(one => new ErrorPoint(one.e.ErrorPct!.Value, 0.5, 0.1, one.Run.Workload))], 5) with { By = by }),
        ];
        return input with
        {
            Results = input.Results with { Runs = runs, Summary = Rows(run => $"{run.Target}/{run.Workload}", null), Breakdown = Rows(run => run.Target, "target") },
            Traces = [.. input.Traces.Select(trace =>
            {
                var run = runs.First(candidate => candidate.Run == trace.Run);
                return PowerTracePlot.Of(run, run.Meter!, trace.TimesS, trace.Watts, trace.WindowStartS, trace.WindowEndS, trace.EdgeUncertaintyS);
            })],
        };
    }
}
