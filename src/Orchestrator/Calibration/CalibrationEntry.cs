using MeterLab.Measurement.Calibration;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Orchestrator.Calibration;

/// <summary>A file of calibrations, as <c>calibrate --out</c> writes and <c>calibrate apply</c> and <c>study apply</c> read it.</summary>
public sealed record CalibrationDocument
{
    /// <summary>What the file is; another word here is another file.</summary>
    public required string Format { get; init; }

    /// <summary>What wrote it.</summary>
    public required string MeterlabVersion { get; init; }

    /// <summary>The campaign's id, or the study's name.</summary>
    public required string Source { get; init; }

    /// <summary>campaign or study.</summary>
    public required string SourceKind { get; init; }

    /// <summary>The calibrations as results.json has them, those that were not determined with nulls.</summary>
    public required IReadOnlyList<CalibrationRow> Calibration { get; init; }

    /// <summary>What applying each takes.</summary>
    public required IReadOnlyList<CalibrationEntry> Laws { get; init; }

    /// <summary>What the figures rest on.</summary>
    public IReadOnlyList<FindingRow> Findings { get; init; } = [];
}

/// <summary>One calibration of a file: what it says, and all that applying it takes.</summary>
public sealed record CalibrationEntry
{
    /// <summary>The machine's name in the rig; null where a study names none.</summary>
    public string? Target { get; init; }

    /// <summary>The kind of work.</summary>
    public required string Group { get; init; }

    /// <summary>The estimator.</summary>
    public required string Estimator { get; init; }

    /// <summary>What was compared: wall-ac …</summary>
    public string? Scope { get; init; }

    /// <summary>The estimator's versions in the runs of the fit.</summary>
    public IReadOnlyList<string> EstimatorVersions { get; init; } = [];

    /// <summary>The machine it holds for.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>gain, unseen static power, further terms.</summary>
    public required IReadOnlyList<double> Coefficients { get; init; }

    /// <summary>Names of the further terms.</summary>
    public IReadOnlyList<string> Terms { get; init; } = [];

    /// <summary>Of all coefficients, standard (k = 1).</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Covariance { get; init; }

    /// <summary>Expands it to 95 %.</summary>
    public required double K { get; init; }

    /// <summary>Of energy and time.</summary>
    public double ConditionNumber { get; init; }

    /// <summary>Relative scatter of a run about the law: the scale of a t with four degrees of freedom.</summary>
    public required double RelativeScatter { get; init; }

    /// <summary>Runs and clusters of the fit.</summary>
    public required int Runs { get; init; }

    /// <summary>How many workloads, models or nights.</summary>
    public required int Clusters { get; init; }

    /// <summary>Lowest and highest mean power of the fit as the estimator sees it, W.</summary>
    public required IReadOnlyList<double> EstimatePowerW { get; init; }

    /// <summary>Shortest and longest run of the fit, s.</summary>
    public required IReadOnlyList<double> DurationS { get; init; }

    /// <summary>The same as the estimator's own settings; null where it can take none.</summary>
    public EstimatorConfiguration? EstimatorConfiguration { get; init; }

    /// <summary>From a fit.</summary>
    internal static CalibrationEntry Of(CalibrationCase of, CalibrationLaw law) => new()
    {
        Target = of.Target,
        Group = of.Group,
        Estimator = of.Estimator,
        Scope = of.Scope,
        EstimatorVersions = of.Versions,
        Fingerprint = of.Fingerprint,
        Coefficients = law.Coefficients,
        Terms = of.Terms,
        Covariance = [.. Enumerable.Range(0, law.Coefficients.Count)
            .Select(i => (IReadOnlyList<double>)[.. Enumerable.Range(0, law.Coefficients.Count).Select(j => law.Covariance[i, j])])],
        K = law.K,
        ConditionNumber = law.ConditionNumber,
        RelativeScatter = law.RelativeScatter,
        Runs = law.Runs,
        Clusters = law.Clusters,
        EstimatePowerW = [law.EstimateW.Low, law.EstimateW.High],
        DurationS = [law.DurationS.Low, law.DurationS.High],
        EstimatorConfiguration = EstimatorConfiguration.For(of.Estimator, law),
    };

    /// <summary>Back to the law. The entry must have been checked.</summary>
    internal CalibrationLaw ToLaw()
    {
        var covariance = new double[Coefficients.Count, Coefficients.Count];
        for (var i = 0; i < Coefficients.Count; i++)
        {
            for (var j = 0; j < Coefficients.Count; j++)
                covariance[i, j] = Covariance[i][j];
        }

        return new CalibrationLaw
        {
            Coefficients = Coefficients,
            Covariance = covariance,
            K = K,
            RelativeScatter = RelativeScatter,
            ConditionNumber = ConditionNumber,
            Runs = Runs,
            Clusters = Clusters,
            EstimateW = (EstimatePowerW[0], EstimatePowerW[1]),
            DurationS = (DurationS[0], DurationS[1]),
        };
    }
}
