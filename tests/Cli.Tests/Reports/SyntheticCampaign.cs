using MeterLab.Orchestrator.Reports;
using MeterLab.Orchestrator.Validity;

namespace MeterLab.Cli.Tests.Reports;

/// <summary>
/// A campaign as a lab would have it: two workloads, three estimators with known faults, one run that broke a rule, one that
/// failed, one estimator that said nothing, names as long as they may be. Seeded: every call gives the same figures.
/// </summary>
internal static class SyntheticCampaign
{
    public const string LongWorkload = "fine-tune-a-language-model-with-low-rank-adapters-on-gpu-rev-17a";

    private static readonly (string Name, string Version, double Gain, double UnseenW)[] Estimators =
    [
        ("codecarbon", "3.0.4", 1.18, 26), ("cpu-load", "0.1.0", 0.93, 4), ("ml-co2-impact", "2019.3", 0.97, 0),
    ];

    public static ReportInput Input(int runs = 12, int seed = 7, bool truth = true)
    {
        var random = new Random(seed);
        List<RunResult> results = [.. Enumerable.Range(1, runs).Select(number => Run(number, random, truth))];
        return new ReportInput
        {
            Results = new CampaignResults
            {
                Campaign = "nightly-vision",
                Id = "nightly-vision-20260101T010000Z",
                Started = "2026-01-01T01:00:00.000000Z",
                Ended = "2026-01-01T01:31:07.120000Z",
                Rig = "bench-1",
                MeterlabVersion = "0.1.0",
                Seed = 7,
                Runs = results,
                Summary = Summary(results),
                Breakdown = Breakdown(results),
                Calibration = Calibration(),
                Findings = [new FindingRow("certificate-age", "warning", "The certificate of meter wall is 402 d old; the limit is 365 d.")],
            },
            Traces = [.. TraceSelection.Choose(new CampaignResults
            {
                Campaign = "", Id = "", Started = "", Rig = "", MeterlabVersion = "", Runs = results,
            }).Select(run => Trace(run, random))],
            Baselines = Baselines(),
            Provenance = Provenance(results),
        };
    }

    private static RunResult Run(int number, Random random, bool truth)
    {
        var (failed, invalid) = (number == 5, number == 9);
        var workload = number % 2 == 0 ? LongWorkload : "classify";
        var seconds = (number % 2 == 0 ? 48 : 30) + (6 * random.NextDouble());
        var watts = (number % 2 == 0 ? 310 : 142) + (18 * random.NextDouble());
        var energy = watts * seconds;
        var name = number % 2 == 0 ? $"language-{number:00}" : $"classify-{number:00}";
        var wall = Meter("wall", "total", "wall-ac", "truth", energy, truth ? energy * 1.0021 : null, invalid ? 0.94 : 1);
        return new RunResult
        {
            Run = name,
            Target = "node1",
            Workload = workload,
            Parameters = new Dictionary<string, string> { ["model"] = number % 3 == 0 ? "vgg16" : "resnet50", ["batch"] = "16" },
            Repetition = ((number - 1) / 4) + 1,
            Outcome = failed ? "failed" : "passed",
            Valid = !failed && !invalid,
            Start = $"2026-01-01T01:{number:00}:00.000000Z",
            End = $"2026-01-01T01:{number:00}:{seconds:00.000000}Z",
            DurationS = seconds,
            ExitCode = failed ? 137 : 0,
            Meter = failed ? null : wall,
            Meters = failed ? [] :
            [
                wall,
                Meter("mains", "l1", "wall-ac", "check", energy * (number == 3 ? 1.06 : 1.004), truth ? energy * 1.0021 : null, 0.999),
                Meter("cpu12v", "ch1", "cpu-dc", "truth", energy * 0.41, truth ? energy * 0.4107 : null, 1),
            ],
            Static = new StaticResult(58.4, 58.4 * seconds, 0.6),
            Estimators = failed ? [] : [.. Estimators.Select((_, i) => Estimate(i, number, energy, seconds, random, invalid))],
            Clock = new ClockResult
            {
                OffsetS = 3.701234, UncertaintyS = 0.0021, RatePpm = 12.4, RateUncertaintyPpm = 3.1, MeterLagS = 0.214, MeterLagUncertaintyS = 0.018,
            },
            Overhead = new OverheadResult(0.061),
            Findings = FindingsOf(failed, invalid),
            Rules = RulesOf(invalid, seconds),
        };
    }

    // One that holds, one that is broken in some runs, one with a unit, and two that could not be judged.
    private static List<RuleRow> RulesOf(bool invalid, double seconds) =>
    [
        new("coverage", !invalid, invalid ? 0.94 : 0.9996, 0.99, "1", FormattableString.Invariant($"samples cover {(invalid ? 94.0 : 99.96):0.00} % of the run")),
        new("duration", seconds >= 60, seconds, 60, "s", FormattableString.Invariant($"the run lasts {seconds:0.0} s; a statement to 1 % wants 60 s")),
        new("clock-step", true, null, null, "1", "the target's clock did not step during the run"),
        new("certificate", null, null, null, "1", "no certificate is named in the rig file"),
        new("check-meter", true, -18.009084956, 25.822469, "J", "mains in series with wall (wall-ac) says 254.5 +/- 25.7 J, wall 272.5 +/- 2.8 J: -6.61 % apart, 9.48 % is what both together leave open"),
        new("idle-before", null, null, null, "1", "the rig file states no gates for this target"),
    ];

    private static List<FindingRow> FindingsOf(bool failed, bool invalid) => (failed, invalid) switch
    {
        (true, _) => [new FindingRow("exit-code", "invalid", "The workload ended with exit code 137 (killed by signal 9) after 31.2 s.")],
        (_, true) => [new FindingRow("coverage", "invalid", "94.0 % of the window is covered by samples; the limit is 99 %.")],
        _ => [],
    };

    private static MeterResult Meter(string meter, string channel, string scope, string role, double energy, double? truth, double coverage)
    {
        List<BudgetRow> budget =
        [
            new("gain", energy * 0.0029, "systematic"), new("offset", energy * 0.0008, "systematic"),
            new("window edges", energy * 0.0014, "per run"), new("sampling", energy * 0.0011, "random"),
            new("quantisation", energy * 0.0001, "random"), new("time scale", energy * 0.00003, "systematic"),
        ];
        return new MeterResult
        {
            Meter = meter, Channel = channel, Scope = scope, Role = role, EnergyJ = energy, Coverage = coverage, LongestGapS = coverage < 0.99 ? 2.4 : 0.2,
            UncertaintyJ = 2 * Math.Sqrt(budget.Sum(source => source.UJ * source.UJ)), Budget = budget, TruthJ = truth,
        };
    }

    private static EstimatorResult Estimate(int i, int number, double energy, double seconds, Random random, bool invalid)
    {
        var (name, version, gain, unseen) = Estimators[i];
        var estimate = (energy - (unseen * seconds)) / gain * (1 + (0.02 * (random.NextDouble() - 0.5)));
        var error = (estimate - energy) / energy * 100;
        if (name == "codecarbon" && number == 7)
        {
            return new EstimatorResult
            {
                Estimator = name, Version = version, Scope = ["cpu-package", "gpu", "dram"], ComparedWith = "wall-ac", Verdict = "inconclusive",
                Findings = [new FindingRow("estimator-missing", "warning", "emissions.csv has no row of this run: the tracker was killed before it wrote.")],
            };
        }

        return new EstimatorResult
        {
            Estimator = name, Version = version, EnergyJ = estimate, Scope = i == 1 ? ["cpu-package"] : ["cpu-package", "gpu", "dram"],
            ComparedWith = "wall-ac", ErrorPct = error, ErrorUncertaintyPct = 0.7 + (0.3 * i) + (invalid ? 4 : 0),
            Verdict = Math.Abs(error) + 1 <= 5 ? "agree" : Math.Abs(error) - 1 > 5 ? "differ" : "inconclusive",
        };
    }

    private static List<SummaryRow> Summary(List<RunResult> runs) =>
    [
        .. runs.Where(run => run.Valid).SelectMany(run => run.Estimators.Where(e => e.ErrorPct is not null).Select(e => (run, e)))
            .GroupBy(pair => ($"{pair.run.Target}/{pair.run.Workload}", pair.e.Estimator))
            .Select(group => SummaryOf(group.Key.Item1, group.Key.Estimator, [.. group.Select(pair => pair.e.ErrorPct!.Value).Order()])),
    ];

    private static SummaryRow SummaryOf(string group, string estimator, List<double> errors)
    {
        var mean = errors.Average();
        var sd = Math.Sqrt(errors.Sum(error => (error - mean) * (error - mean)) / Math.Max(1, errors.Count - 1));
        var half = 2.5 * sd / Math.Sqrt(errors.Count);
        return new SummaryRow
        {
            Group = group, Estimator = estimator, N = errors.Count, BiasPct = mean, BiasCi95Pct = errors.Count > 1 ? [mean - half, mean + half] : null,
            SdPct = errors.Count > 1 ? sd : null, LimitsOfAgreementPct = errors.Count > 1 ? [mean - (1.96 * sd), mean + (1.96 * sd)] : null,
            MaePct = errors.Average(Math.Abs), MinPct = errors[0], MedianPct = errors[errors.Count / 2], MaxPct = errors[^1],
        };
    }

    private static List<SummaryRow> Breakdown(List<RunResult> runs) =>
    [
        .. runs.Where(run => run.Valid).SelectMany(run => run.Estimators.Where(e => e.ErrorPct is not null).Select(e => (run, e)))
            .GroupBy(pair => (pair.run.Target, pair.e.Estimator))
            .Select(group => SummaryRows.Of(group.Key.Target, group.Key.Estimator,
                [.. group.Select(pair => new ErrorPoint(pair.e.ErrorPct!.Value, 0.5, 0.1, pair.run.Workload))], 5) with { By = "target" }),
    ];

    private static List<BaselinePoint> Baselines() =>
    [
        .. Enumerable.Range(0, 9).Select(night => new BaselinePoint(
            "node1", "wall-ac", 1_767_000_000_000_000_000 + (night * 86_400_000_000_000), 58 + (0.2 * night) + (night > 5 ? 2 : 0), 0.6,
            night > 5 ? "b2c4d6e8f0a1b3c5d7" : "a1b3c5d7e9f0a2b4c6", $"nightly-vision-{night}")),
    ];

    private static ResultProvenance Provenance(List<RunResult> runs) => new()
    {
        ResultId = 4, CodeVersion = "0.1.0", Clocks = [new ClockProvenance("node1", null, 812, 3, 814)],
        Traces = [.. runs.Where(run => run.Meter is not null).Take(240).SelectMany((run, i) => run.Meters.Select((meter, j) => new TraceProvenance
        {
            Run = run.Run, Channel = $"{meter.Meter}/{meter.Channel}", Trace = j + 1, FirstChunk = i * 60, LastChunk = (i * 60) + 59, Chunks = 60, Samples = 1200,
            Digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", ProfileSha256 = j == 0 ? null : "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
        }))],
    };

    private static List<CalibrationRow> Calibration() =>
    [
        new CalibrationRow
        {
            Target = "node1", Group = "node1/classify", Estimator = "codecarbon", Gain = 1.1763, GainUncertainty = 0.021, UnseenStaticW = 25.98,
            UnseenStaticUncertaintyW = 9.7, Covariance = [[1.1e-4, -0.04], [-0.04, 23.5]], CrossValidation = "leave-one-workload-out",
            MaePctBefore = 20.225, MaePctAfter = 0.9, MedianAbsPctAfter = 0.43, MeterFloorPct = 0.31, N = 10, Clusters = 2,
            MaeGainPct = 19.3, MaeGainCi95Pct = [17.9, 20.6], FittedPowerW = [142, 310], Correlation = -0.98,
        },
    ];

    private static PowerTracePlot Trace(RunResult run, Random random)
    {
        var (times, watts) = (new List<double>(), new List<double>());
        var mean = run.Meter!.EnergyJ!.Value / run.DurationS!.Value;
        for (var t = -8.0; t < run.DurationS + 8; t += 0.2)
        {
            var level = t > 0 && t < run.DurationS ? mean + (0.11 * mean * Math.Sin(t * 1.7)) : 58.4;
            times.Add(t);
            watts.Add(!run.Valid && t is > 11 and < 13.4 ? double.NaN : level + (6 * (random.NextDouble() - 0.5)));
        }

        return PowerTracePlot.Of(run, run.Meter, times, watts, 0, run.DurationS.Value, 0.038);
    }
}
