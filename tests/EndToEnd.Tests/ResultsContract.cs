using System.Text.Json;

namespace MeterLab.EndToEnd.Tests;

/// <summary>The names of results.json that other people's scripts rely on.</summary>
internal static class ResultsContract
{
    private static readonly string[] Top = ["campaign", "id", "started", "rig", "meterlab_version", "runs", "summary", "calibration"];

    private static readonly string[] Run =
    [
        "run", "target", "workload", "parameters", "repetition", "outcome", "valid", "start", "end", "duration_s", "meter", "meters",
        "static", "estimators", "clock", "overhead", "findings",
    ];

    private static readonly string[] Meter =
        ["meter", "channel", "scope", "energy_j", "uncertainty_j", "k", "coverage", "longest_gap_s", "budget", "truth_j"];

    private static readonly string[] Estimator =
        ["estimator", "version", "energy_j", "scope", "compared_with", "error_pct", "error_uncertainty_pct", "verdict", "findings"];

    private static readonly string[] Clock = ["offset_s", "uncertainty_s", "meter_lag_s", "meter_lag_uncertainty_s"];

    private static readonly string[] Summary =
    [
        "group", "estimator", "n", "bias_pct", "bias_ci95_pct", "sd_pct", "limits_of_agreement_pct", "mae_pct", "min_pct", "median_pct", "max_pct",
    ];

    public static void Check(JsonElement results)
    {
        Has(results, Top);
        foreach (var run in results.GetProperty("runs").EnumerateArray())
        {
            Has(run, Run);
            Assert.Contains(run.GetProperty("outcome").GetString(), (string[])["passed", "failed", "error", "timed-out", "aborted"]);
            HasUnlessMissing(run, "meter", Meter);
            foreach (var meter in run.GetProperty("meters").EnumerateArray())
            {
                Has(meter, Meter);
                foreach (var row in meter.GetProperty("budget").EnumerateArray())
                    Has(row, ["source", "u_j"]);
                // The stated interval is k times the root of the sum of the budget's squares.
                if (meter.GetProperty("uncertainty_j").ValueKind == JsonValueKind.Number)
                {
                    var root = Math.Sqrt(meter.GetProperty("budget").EnumerateArray().Sum(row => Math.Pow(row.GetProperty("u_j").GetDouble(), 2)));
                    Assert.Equal(meter.GetProperty("k").GetDouble() * root, meter.GetProperty("uncertainty_j").GetDouble(), 1e-6);
                }
            }

            foreach (var estimator in run.GetProperty("estimators").EnumerateArray())
            {
                Has(estimator, Estimator);
                Assert.Contains(estimator.GetProperty("verdict").GetString(), (string[])["agree", "differ", "inconclusive"]);
            }

            Has(run.GetProperty("clock"), Clock);
            Has(run.GetProperty("overhead"), ["cpu_s", "probe_cpu_s", "probe_core_pct", "energy_estimate_j", "energy_estimate_uncertainty_j"]);
            HasUnlessMissing(run, "static", ["static_w", "energy_j"]);
            foreach (var finding in run.GetProperty("findings").EnumerateArray())
                Has(finding, ["rule", "severity", "detail"]);
        }

        foreach (var row in results.GetProperty("summary").EnumerateArray())
            Has(row, Summary);
    }

    // A missing figure is null with a finding, and a run that passed misses none of these.
    private static void HasUnlessMissing(JsonElement run, string name, string[] names)
    {
        if (run.GetProperty(name).ValueKind != JsonValueKind.Null)
            Has(run.GetProperty(name), names);
        else
            Assert.True(run.GetProperty("outcome").GetString() != "passed" && run.GetProperty("findings").GetArrayLength() > 0, run.GetRawText());
    }

    private static void Has(JsonElement element, string[] names)
    {
        foreach (var name in names)
            Assert.True(element.TryGetProperty(name, out _), $"{name} is missing in {element.GetRawText()[..Math.Min(200, element.GetRawText().Length)]}");
    }
}
