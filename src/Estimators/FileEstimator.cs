using System.Globalization;

using MeterLab.Estimators.Attribution;
using MeterLab.Measurement;

namespace MeterLab.Estimators;

/// <summary>An estimator that writes files: what all of them have in common once their files are read.</summary>
public abstract class FileEstimator : IEstimator
{
    // A series may miss this share of a run at its edges before that is worth a warning.
    private const double CoverageSlack = 0.01;
    private const double LeastCoverage = 0.5;

    /// <inheritdoc/>
    public abstract EstimatorFacts Facts { get; }

    /// <inheritdoc/>
    public virtual EstimatorLaunch? Launch(EstimatorSettings settings, string run) => null;

    /// <inheritdoc/>
    public EstimatorOutput Read(IReadOnlyList<EstimatorFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var found = Open(files);
        var unverified = Unverified();
        return new EstimatorOutput(
            Facts.Name, found.Version, [.. found.Rows.Select(row => row with { Findings = [.. row.Findings, .. unverified] })],
            [.. found.Findings, .. unverified]);
    }

    /// <inheritdoc/>
    public RunEstimate Estimate(RunFacts run)
    {
        ArgumentNullException.ThrowIfNull(run);
        ClaimSet found;
        try
        {
            found = Open(run.Files);
        }
        catch (ConfigurationException e)
        {
            return Nothing(null, [new Finding("no-output", Severity.Invalid, $"{e.Message}; no energy is attributed")]);
        }

        var (claim, findings) = RunAttribution.Find(Facts.Name, found.Claims, run);
        return claim is null
            ? Nothing(found.Version, [.. found.Findings, .. findings])
            : Of(claim, run, found.Version, [.. found.Findings, .. claim.Row.Findings, .. findings]);
    }

    /// <summary>
    /// Reads the files. Throws <see cref="ConfigurationException"/> where none of them can be this estimator's; damage inside them is a finding.
    /// </summary>
    private protected abstract ClaimSet Open(IReadOnlyList<EstimatorFile> files);

    private RunEstimate Of(Claim claim, RunFacts run, string? version, IReadOnlyList<Finding> findings)
    {
        version = claim.Row.Version ?? version;
        if (claim.Row.EnergyJ is not { } energy)
            return Nothing(version, findings);
        var (components, duration) = (claim.Row.ComponentsJ, claim.Row.DurationS);
        if (claim.Series is { } series)
        {
            var (fromS, toS) = (run.StartTargetNs / 1e9, run.EndTargetNs / 1e9);
            var (covered, joules) = series.Cut(fromS, toS);
            if (covered < LeastCoverage * (toS - fromS))
                return Nothing(version, [.. findings, new Finding("coverage", Severity.Invalid, Words($"the samples at {claim.Place} cover {covered:0.0} s of the run's {toS - fromS:0.0} s; no energy is attributed"))]);
            findings = [.. findings, .. CutFindings(claim, covered, toS - fromS)];
            (energy, components, duration) = (joules.Values.Sum(), joules, covered);
        }

        if (!(energy > 0))
            return Nothing(version, [.. findings, new Finding("no-energy", Severity.Invalid, Words($"the row at {claim.Place} says {energy:0.###} J over {duration:0.###} s: nothing was measured; no energy is attributed"))]);
        return new RunEstimate
        {
            Estimator = Facts.Name,
            Version = version,
            EnergyJ = energy,
            ComponentsJ = components,
            Scopes = claim.Scopes ?? Facts.Scopes,
            DurationS = duration,
            ResolutionJ = claim.ResolutionJ,
            Findings = [.. findings, .. Unverified()],
        };
    }

    private static IEnumerable<Finding> CutFindings(Claim claim, double coveredS, double runS)
    {
        yield return new Finding("cut-to-run", Severity.Note, Words($"of the {claim.Row.DurationS:0.0} s that the samples at {claim.Place} cover, the run's {runS:0.0} s are taken"));
        if (coveredS < (1 - CoverageSlack) * runS)
            yield return new Finding("coverage", Severity.Warning, Words($"the samples cover {coveredS:0.0} s of the run's {runS:0.0} s; the rest is missing in the figure"));
    }

    private RunEstimate Nothing(string? version, IReadOnlyList<Finding> findings) =>
        new() { Estimator = Facts.Name, Version = version, Scopes = Facts.Scopes, Findings = [.. findings, .. Unverified()] };

    private Finding[] Unverified() => Facts.FormatVerified
        ? []
        : [new Finding("format-unverified", Severity.Warning, $"the reader of {Facts.Name}'s files was written from its description and never tried on a genuine one; check a figure by hand before relying on it")];

    private static string Words(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
