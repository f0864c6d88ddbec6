using System.Text.Json;

using MeterLab.Estimators.Attribution;
using MeterLab.Estimators.Text;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.ExperimentImpactTracker;

/// <summary>
/// experiment-impact-tracker (2021): samples in <c>impacttracker/data.json</c>, one JSON object a line. Its pickle is never opened: a pickle
/// from somewhere else is a program. The energy is that of the shares which it attributes to the process.
/// </summary>
public sealed class ExperimentImpactTrackerEstimator : FileEstimator
{
    private const string Cpu = "rapl_estimated_attributable_power_draw";
    private const string Gpu = "nvidia_estimated_attributable_power_draw";
    private static readonly string[] Absolute = ["rapl_power_draw_absolute", "nvidia_draw_absolute"];

    /// <inheritdoc/>
    public override EstimatorFacts Facts { get; } = new()
    {
        Name = "experiment-impact-tracker",
        Scopes = [Scope.CpuPackage, Scope.Dram, Scope.Gpu],
        Covers = "RAPL package and memory times the process's share of CPU time; graphics boards times the process's share as nvidia-smi pmon tells it.",
        LeavesOut = "Other processes' shares, idle power, board, fans, disks, the power supply's own loss.",
        RunsOnTarget = true,
        Source = "github.com/Breakend/experiment-impact-tracker at c1b0fcb (2021)",
        Clock = "Unix seconds (UTC) of the wall clock; a sample about every 3 s, because it takes 2 s to read one.",
        Install = "pip install experiment-impact-tracker (it needs Python of its time), and the workload tracks itself into its own folder: ImpactTracker(\".\").",
        OwnFiles = ["impacttracker/data.json"],
        Needs = [new TargetNeed(NeedKind.PythonModule, "experiment_impact_tracker", Essential: false, "python3 there does not have it; the workload's own Python must"), TargetNeed.Rapl(essential: true, "it has no other source for the processor"), TargetNeed.Nvidia(essential: false, "graphics cards are not counted")],
        FormatVerified = false,
        Defects =
        [
            new KnownDefect("c1b0fcb", "its reports multiply by a PUE of 1.58 (OVERRIDE_PUE); here the powers are summed without"),
            new KnownDefect("c1b0fcb", "shares are taken from calls of nvidia-smi that take seconds themselves"),
            new KnownDefect("c1b0fcb", "the last sample is extrapolated by the length of the one before"),
        ],
    };

    private protected override ClaimSet Open(IReadOnlyList<EstimatorFile> files)
    {
        var claims = files.Where(file => !file.Path.EndsWith(".pkl", StringComparison.OrdinalIgnoreCase)).Select(TryRead).OfType<Claim>().ToArray();
        return claims.Length > 0
            ? SeriesClaims.Set(null, claims, [])
            : throw new ConfigurationException(files.Count == 0
                ? $"{Facts.Name} left no file here; its impacttracker/data.json is wanted"
                : $"no file here is {Facts.Name}'s; its impacttracker/data.json is wanted", files is [var only] ? only.Path : null);
    }

    private static Claim? TryRead(EstimatorFile file)
    {
        var lines = JsonLines.Read(file.Content).ToArray();
        var findings = new List<Finding>();
        var samples = new List<(double AtS, double? CpuW, double? GpuW)>();
        double absolute = 0;
        foreach (var line in lines)
        {
            if (line.Object is { } sample && Number(sample, "timestamp") is { } at && (samples.Count == 0 || at > samples[^1].AtS))
            {
                samples.Add((at, Number(sample, Cpu), Number(sample, Gpu)));
                absolute += Absolute.Sum(name => Number(sample, name) ?? 0);
            }
            else if (line.Object is null && samples.Count > 0)
            {
                findings.Add(new Finding("damaged-row", Severity.Warning, $"{file.Path}:{line.Number} is no whole JSON object and is left out: the file was cut off or changed"));
            }
        }

        if (samples.Count == 0)
            return null;
        if (samples.Any(sample => (sample.CpuW is null) != (samples[0].CpuW is null) || (sample.GpuW is null) != (samples[0].GpuW is null)))
            findings.Add(new Finding("missing-component", Severity.Invalid, $"{file.Path}: some samples lack a component that others have; its energy is not used"));
        if (samples[0] is { CpuW: null, GpuW: null })
            findings.Add(new Finding("no-power", Severity.Invalid, $"{file.Path} holds no attributed power ({Cpu}); its energy is not used"));
        findings.Add(new Finding("attributed-share", Severity.Note, FormattableString.Invariant(
            $"the figure is the process's share; the whole sensors read {absolute / samples.Count:0.##} W on average")));
        return SeriesClaims.Of(file.Path, Series(samples), findings, Scopes(samples[0].CpuW is not null, samples[0].GpuW is not null));
    }

    // A sample holds until the next one, and the last as long as the one before.
    private static EnergySeries? Series(List<(double AtS, double? CpuW, double? GpuW)> samples) => samples.Count < 2
        ? null
        : new EnergySeries(["cpu", "gpu"], samples.Select((sample, i) =>
        {
            var seconds = i + 1 < samples.Count ? samples[i + 1].AtS - sample.AtS : sample.AtS - samples[i - 1].AtS;
            return new EnergyInterval(sample.AtS, sample.AtS + seconds, [(sample.CpuW ?? 0) * seconds, (sample.GpuW ?? 0) * seconds]);
        }));

    private static Scope[] Scopes(bool cpu, bool gpu) =>
        [.. cpu ? (Scope[])[Scope.CpuPackage, Scope.Dram] : [], .. gpu ? (Scope[])[Scope.Gpu] : []];

    private static double? Number(JsonElement sample, string name) =>
        sample.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;
}
