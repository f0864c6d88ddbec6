using MeterLab.Orchestrator.Reports;

namespace MeterLab.Orchestrator.Tests.Calibration;

/// <summary>A campaign whose estimator follows a known law: meter = 1.25 x estimate + 35 W x time, but for a scatter of ± 0.5 %.</summary>
internal static class KnownCampaign
{
    public const double Gain = 1.25;
    public const double UnseenW = 35;

    public static CampaignResults Results(int workloads = 5, int repetitions = 4, double change = 1, string id = "nightly-20260101T010000Z") => new()
    {
        Campaign = "nightly", Id = id, Started = "2026-01-01T01:00:00Z", Rig = "bench", MeterlabVersion = "test",
        Runs = [.. Enumerable.Range(0, workloads * repetitions).Select(i => Run(i, i % workloads, i / workloads, change))],
    };

    private static RunResult Run(int number, int workload, int repetition, double change)
    {
        var seconds = 60 + 7 * number % 40;
        var estimate = (40 + 55 * workload) * seconds;
        var energy = (Gain * estimate + UnseenW * seconds) * (1 + 0.005 * Math.Sin(12.9 * number + 3)) * change;
        var meter = new MeterResult
        {
            Meter = "wall", Channel = "total", Scope = "wall-ac", EnergyJ = energy, UncertaintyJ = 0.01 * energy, Coverage = 1,
            Budget = [new BudgetRow("gain", 0.004 * energy, "systematic"), new BudgetRow("sampling", 0.003 * energy, "random")],
        };
        var error = (estimate - energy) / energy * 100;
        return new RunResult
        {
            Run = $"w{workload}-{repetition}", Target = "node1", Workload = $"w{workload}", Repetition = repetition + 1, Outcome = "passed", Valid = true,
            Parameters = new Dictionary<string, string> { ["model"] = workload % 2 == 0 ? $"resnet{workload}" : $"org/llama-{workload}b" }, Device = "gpu",
            Start = "2026-01-01T01:00:00Z", DurationS = seconds, Meter = meter, Meters = [meter], Overhead = new OverheadResult(null),
            Estimators =
            [
                new EstimatorResult
                {
                    Estimator = "codecarbon", Version = "3.0.4", EnergyJ = estimate, Scope = ["cpu-package"], ComparedWith = "wall-ac", DurationS = seconds - 1,
                    ErrorPct = error, ErrorUncertaintyPct = 0.8, Verdict = "differ",
                },
                new EstimatorResult
                {
                    Estimator = "ml-co2-impact", EnergyJ = 300.0 * seconds, Scope = ["gpu"], ComparedWith = "wall-ac", DurationS = seconds,
                    ErrorPct = (300.0 * seconds - energy) / energy * 100, ErrorUncertaintyPct = 1, Verdict = "differ",
                },
            ],
        };
    }
}
