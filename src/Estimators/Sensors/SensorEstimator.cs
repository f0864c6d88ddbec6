using System.Globalization;

using MeterLab.Estimators.Attribution;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Sensors;

/// <summary>A sensor of the target that MeterLab reads itself, through the runner's sampler beside the workload.</summary>
public abstract class SensorEstimator : FileEstimator
{
    private const double ShortestS = 0.01;
    private const double LongestS = 3600;
    private const double StopTimeS = 15;
    private const double StartTimeS = 20;

    // So many missed readings in a row are a gap, not a slow answer; never less than this many seconds.
    private const double GapReadings = 5;
    private const double GapS = 3;

    /// <summary>The name of the sampler's file.</summary>
    private protected string SampleFile => Facts.Name + ".samples";

    /// <summary>The interval where the rig file names none, s.</summary>
    private protected abstract double DefaultIntervalS { get; }

    /// <summary>The sampler's words for such a sensor, the one it is launched with first.</summary>
    private protected abstract IReadOnlyList<string> Kinds { get; }

    /// <inheritdoc/>
    public override EstimatorLaunch? Launch(EstimatorSettings settings, string run)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.SelfTracked)
            return null;
        if (settings.Root is { } root && !root.StartsWith('/'))
            throw new ConfigurationException($"'{root}' is not an absolute path on the target", key: "root");
        var interval = settings.IntervalS ?? DefaultIntervalS;
        if (interval is < ShortestS or > LongestS)
            throw new ConfigurationException($"{Facts.Name} is read every 10ms to 3600s", key: "interval");
        return new EstimatorLaunch(
            [.. EstimatorLaunch.Sampler, SampleFile, (interval * 1e9).ToString("0", CultureInfo.InvariantCulture), Kinds[0], .. Arguments(settings)],
            EstimatorLaunch.Plain, StopSignal: "TERM", StartTimeS, StopTimeS, ReadyText: "meterlab-sampler: measuring");
    }

    /// <summary>
    /// The course of the power that its file tells; null where it tells none that may be used. Throws <see cref="ConfigurationException"/> where the file cannot
    /// be read.
    /// </summary>
    public PowerTrace? Trace(IReadOnlyList<EstimatorFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        if (files.FirstOrDefault(file => SensorFile.Is(file, Kinds)) is not { } own)
            return null;
        var findings = new List<Finding>();
        var file = SensorFile.Read(own);
        if (file.Readings.Count == 0)
            return null;
        var series = SensorTrack.Combine(Tracks(file, findings).Tracks);
        if (series is null || findings.Exists(finding => finding.Severity == Severity.Invalid))
            return null;
        var means = series.MeanPower();
        return new PowerTrace([.. means.Select(mean => (long)Math.Round(mean.ToS * 1e9))], [.. means.Select(mean => mean.Watts)]);
    }

    /// <summary>What the sampler is told besides file, interval and kind.</summary>
    private protected abstract IReadOnlyList<string> Arguments(EstimatorSettings settings);

    /// <summary>What a file says: tracks and what they cover. A finding that is invalid forbids their use.</summary>
    private protected abstract (IReadOnlyList<SensorTrack> Tracks, IReadOnlyList<Scope> Scopes, double StepW) Tracks(SensorFile file, List<Finding> findings);

    /// <summary>The longest time between two readings of a power that a straight line may join, s.</summary>
    private protected static double LongestJoinS(SensorFile file) => Math.Max(GapS, GapReadings * file.IntervalS);

    private protected override ClaimSet Open(IReadOnlyList<EstimatorFile> files)
    {
        var own = files.Where(file => SensorFile.Is(file, Kinds)).ToArray();
        if (own.Length == 0)
        {
            throw new ConfigurationException(
                files.Count == 0 ? $"there is no file of {Facts.Name}'s here; {SampleFile} is wanted" : $"no file here is what the sampler writes for {Facts.Name} ({SampleFile})",
                files is [var only] ? only.Path : null);
        }

        SensorFile[] read = [.. own.Select(SensorFile.Read)];
        return SeriesClaims.Set(null, [.. read.Where(file => file.Readings.Count > 0).Select(ToClaim)], [.. read.Where(file => file.Readings.Count == 0).Select(Empty)]);
    }

    private static Finding Empty(SensorFile file) => new("no-reading", Severity.Invalid, $"{file.Path} holds no reading: the sampler was stopped before its first, or what it asks never answered; no energy is attributed");

    private Claim ToClaim(SensorFile file)
    {
        var findings = new List<Finding>(file.Findings);
        var (tracks, scopes, stepW) = Tracks(file, findings);
        var series = SensorTrack.Combine(tracks);
        var claim = SeriesClaims.Of(file.Path, series, findings, scopes.Count > 0 ? scopes : null);
        // Without a series, too, it can be told whose readings they are, and then why they say nothing.
        var (firstS, lastS) = (file.Readings[0].AtS, file.Readings[^1].AtS);
        return claim with { EndedS = lastS, Row = claim.Row with { DurationS = claim.Row.DurationS ?? lastS - firstS }, ResolutionJ = stepW * (lastS - firstS) };
    }
}
