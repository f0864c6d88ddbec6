using System.Globalization;

using MeterLab.Estimators.Attribution;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Scaphandre;

/// <summary>Scaphandre's JSON exporter beside the workload: mean power of the host by RAPL, one report a step.</summary>
public sealed class ScaphandreEstimator : FileEstimator
{
    private const double DefaultStepS = 2;

    // Longer than any run; it is stopped by signal.
    private const string Forever = "31536000";

    /// <inheritdoc/>
    public override EstimatorFacts Facts { get; } = new()
    {
        Name = "scaphandre",
        Scopes = [Scope.CpuPackage, Scope.Dram],
        Covers = "Processor package and memory by RAPL, as the mean power of each step.",
        LeavesOut = "Graphics cards, board, fans, disks, the power supply's own loss; the memory where its domain is not there.",
        RunsOnTarget = true,
        Source = "github.com/hubblo-org/scaphandre at 04cc6ec",
        Clock = "Unix seconds (UTC) of the wall clock; a report every 2 s, each the mean since the one before.",
        Install = "Scaphandre's package or binary, on the PATH or named by command:; RAPL must be readable by its account (/sys/class/powercap/*/energy_uj).",
        OwnFiles = ["scaphandre*.json"],
        VersionQuery = ["scaphandre", "--version"],
        Needs = [new TargetNeed(NeedKind.Program, "scaphandre", Essential: true, "it cannot be started"), TargetNeed.Rapl(essential: true, "it has no other source")],
        FormatVerified = false,
        Defects =
        [
            new KnownDefect("all", "stopped by a signal it leaves the JSON array open; it is read all the same", "open-array"),
            new KnownDefect("all", "the host's figure is the platform domain (psys) where there is one, else package and memory"),
        ],
    };

    /// <inheritdoc/>
    public override EstimatorLaunch? Launch(EstimatorSettings settings, string run)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.SelfTracked)
            return null;
        var step = settings.IntervalS ?? DefaultStepS;
        if (step < 1 || step != Math.Floor(step))
            throw new ConfigurationException("scaphandre's interval is in whole seconds, from 1s on", key: "interval");
        return new EstimatorLaunch(
            [settings.Command ?? "scaphandre", "json", "-t", Forever, "-s", step.ToString("0", CultureInfo.InvariantCulture), "-f", "scaphandre.json"],
            EstimatorLaunch.Plain, StopSignal: "TERM", StartTimeS: 3 + (2 * step), StopTimeS: 10);
    }

    private protected override ClaimSet Open(IReadOnlyList<EstimatorFile> files)
    {
        var claims = files.Select(ScaphandreReports.TryRead).OfType<Claim>().ToArray();
        return claims.Length > 0
            ? SeriesClaims.Set(null, claims, [])
            : throw new ConfigurationException(files.Count == 0
                ? "scaphandre left no file here; its scaphandre.json is wanted"
                : "no file here is scaphandre's JSON output; its scaphandre.json is wanted", files is [var only] ? only.Path : null);
    }
}
