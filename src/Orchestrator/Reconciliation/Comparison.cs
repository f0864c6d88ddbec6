using MeterLab.Estimators;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Orchestrator.Reconciliation;

/// <summary>Holds an estimator's energy against the meter's: error, its uncertainty, and a verdict that the uncertainty supports.</summary>
public static class Comparison
{
    /// <summary>
    /// agree if |error| + U is within the tolerance, differ if |error| - U is beyond it, otherwise inconclusive; without an
    /// uncertainty always inconclusive. All in percent.
    /// </summary>
    public static string Verdict(double? errorPct, double? uncertaintyPct, double tolerancePct)
    {
        if (errorPct is not { } error || uncertaintyPct is not { } u)
            return "inconclusive";
        if (Math.Abs(error) + u <= tolerancePct)
            return "agree";
        return Math.Abs(error) - u > tolerancePct ? "differ" : "inconclusive";
    }

    /// <summary>The narrowest metered scope that contains everything the estimator covers; null where none does.</summary>
    public static Scope? ComparedWith(IReadOnlyList<Scope> estimator, IEnumerable<Scope> metered)
    {
        Scope? best = null;
        foreach (var scope in metered)
        {
            if (estimator.All(own => Scopes.Contains(scope, own)) && (best is null || Scopes.Contains(best.Value, scope)))
                best = scope;
        }

        return best;
    }

    /// <summary>One estimator's line in a run's result.</summary>
    public static EstimatorResult Of(RunEstimate estimate, IReadOnlyList<MeterResult> truths, double tolerancePct)
    {
        ArgumentNullException.ThrowIfNull(estimate);
        ArgumentNullException.ThrowIfNull(truths);
        var findings = estimate.Findings.Select(FindingRows.Of).ToList();
        var scope = ComparedWith(estimate.Scopes, truths.Select(t => Scopes.Find(t.Scope)!.Value));
        var meter = scope is null ? null : truths.First(t => t.Scope == Scopes.NameOf(scope.Value));
        double? error = null, uncertainty = null;
        // Few degrees of freedom of the meter's figure are few of the error's.
        var k = Math.Max(2, meter?.K ?? 2);
        if (scope is null)
            findings.Add(FindingRows.Of(new Finding("no-scope", Severity.Warning, "No meter covers what this estimator covers; there is nothing to compare it with.")));
        if (estimate.EnergyJ is { } energy && meter?.EnergyJ is { } truth && truth > 0)
        {
            error = (energy - truth) / truth * 100;
            if (meter.UncertaintyJ is { } u)
            {
                // d(est / E) = est / E^2 dE, and the estimator's own rounding (rectangular over its step).
                var byMeter = energy / truth * (u / meter.K) / truth;
                var byStep = estimate.ResolutionJ / Math.Sqrt(12) / truth;
                uncertainty = k * 100 * Math.Sqrt(byMeter * byMeter + byStep * byStep);
            }
        }

        return new EstimatorResult
        {
            Estimator = estimate.Estimator,
            Version = estimate.Version,
            EnergyJ = estimate.EnergyJ,
            ComponentsJ = estimate.ComponentsJ,
            Scope = [.. estimate.Scopes.Select(Scopes.NameOf)],
            DurationS = estimate.DurationS,
            ComparedWith = scope is null ? null : Scopes.NameOf(scope.Value),
            ErrorPct = error,
            ErrorUncertaintyPct = uncertainty,
            K = k,
            Verdict = Verdict(error, uncertainty, tolerancePct),
            Findings = findings,
        };
    }
}
