using MeterLab.Estimators.Text;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Attribution;

/// <summary>What a file with a time series says: one row with its total, and the series behind it.</summary>
internal static class SeriesClaims
{
    /// <summary>
    /// The claim of a series; without one (<paramref name="series"/> null), or where a finding forbids it, its row has no energy. Several
    /// files are put into one answer by <see cref="Set"/>.
    /// </summary>
    public static Claim Of(string place, EnergySeries? series, IReadOnlyList<Finding> findings, IReadOnlyList<Scope>? scopes = null, EstimatorRow? identity = null)
    {
        var usable = series is not null && findings.All(finding => finding.Severity != Severity.Invalid);
        if (series is null && findings.All(finding => finding.Severity != Severity.Invalid))
            findings = [.. findings, new Finding("too-few-samples", Severity.Invalid, $"{place} holds fewer than two whole samples: nothing can be said about time; its energy is not used")];
        var (covered, joules) = series?.Total() ?? (0, new Dictionary<string, double>());
        return new Claim
        {
            Row = (identity ?? new EstimatorRow()) with
            {
                EnergyJ = usable ? joules.Values.Sum() : null,
                ComponentsJ = usable ? joules : new Dictionary<string, double>(),
                DurationS = series is null ? null : covered,
                EndedLocal = series is null ? null : LocalTimes.Write(series.ToS),
                Findings = findings,
            },
            Place = place,
            Tracker = place,
            EndedS = series?.ToS,
            StampStepS = 0,
            Series = usable ? series : null,
            Scopes = scopes,
        };
    }

    /// <summary>The claims of several files.</summary>
    public static ClaimSet Set(string? version, IReadOnlyList<Claim> claims, IReadOnlyList<Finding> findings) =>
        new(version, [.. claims.Select(claim => claim.Row)], claims, findings);
}
