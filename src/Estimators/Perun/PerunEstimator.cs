using System.Globalization;

using MeterLab.Estimators.Attribution;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Perun;

/// <summary>
/// perun: RAPL and NVML sampled beside a command. It can only wrap one, so it wraps one that waits for the end of the run. Its JSON is
/// read, or its text report with fewer digits; HDF5 and pickle are not.
/// </summary>
public sealed class PerunEstimator : FileEstimator
{
    /// <inheritdoc/>
    public override EstimatorFacts Facts { get; } = new()
    {
        Name = "perun",
        Scopes = [Scope.CpuPackage, Scope.Dram, Scope.Gpu],
        Covers = "Processor package and memory by RAPL, graphics boards by NVML or rocm-smi, as the integral of power between samples.",
        LeavesOut = "Board, fans, disks, the power supply's own loss, unless its settings add a constant for them.",
        RunsOnTarget = true,
        Source = "github.com/Helmholtz-AI-Energy/perun 0.9.1",
        Clock = "Its start in local time (launched with TZ=UTC); samples every 1 s, kept with 7 digits.",
        Install = "pip install perun[nvidia], on the PATH or named by command:; RAPL must be readable by its account.",
        OwnFiles = ["perun_results/*.json", "perun_results/*.txt"],
        VersionQuery = ["perun", "--version"],
        Needs =
        [
            new TargetNeed(NeedKind.Program, "perun", Essential: true, "it cannot be started"),
            TargetNeed.Rapl(essential: false, "the processor is not counted"), TargetNeed.Nvidia(essential: false, "graphics cards are not counted"),
        ],
        FormatVerified = false,
        Defects =
        [
            new KnownDefect("0.9.1", "time and power are kept in 32 bits: 7 digits"),
            new KnownDefect("0.9.1", "power_overhead and pue of a perun.ini change its figures; it is started in a folder without one", "pue-unknown"),
        ],
    };

    /// <inheritdoc/>
    public override EstimatorLaunch? Launch(EstimatorSettings settings, string run)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.SelfTracked)
            return null;
        var environment = new Dictionary<string, string>(EstimatorLaunch.Plain) { ["PERUN_FORMAT"] = "json" };
        if (settings.IntervalS is { } interval)
            environment["PERUN_SAMPLING_PERIOD"] = interval.ToString("0.###", CultureInfo.InvariantCulture);
        return new EstimatorLaunch(
            [settings.Command ?? "perun", "monitor", "--binary", .. EstimatorLaunch.Holder], environment, EstimatorLaunch.NoSignal, StartTimeS: 10, StopTimeS: 60);
    }

    private protected override ClaimSet Open(IReadOnlyList<EstimatorFile> files)
    {
        var json = files.SelectMany(PerunJson.Read).ToArray();
        var claims = json.Length > 0 ? json : [.. files.SelectMany(PerunText.Read)];
        if (claims.Length > 0)
            return SeriesClaims.Set(null, claims, [new Finding("pue-unknown", Severity.Note, "perun's files do not tell the PUE of its settings; its default, 1.0, is taken")]);
        var binary = files.Any(file => file.Path.EndsWith(".hdf5", StringComparison.OrdinalIgnoreCase) || file.Path.EndsWith(".pkl", StringComparison.OrdinalIgnoreCase));
        throw new ConfigurationException(files.Count == 0
            ? "perun left no file here; its perun_results/*.json is wanted"
            : binary ? "perun's HDF5 and pickle are not read; let it write JSON (perun export …, or PERUN_FORMAT=json)"
            : "no file here is perun's JSON or text report; its perun_results/*.json is wanted", files is [var only] ? only.Path : null);
    }
}
