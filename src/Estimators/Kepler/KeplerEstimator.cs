using System.Globalization;

using MeterLab.Estimators.Attribution;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Kepler;

/// <summary>
/// Kepler 0.10 and later: counters of joules that Prometheus scrapes. Beside a workload its page is fetched every few seconds; a stored
/// range query (JSON) or text with stamps is read as well. One scrape alone says nothing of a run.
/// </summary>
public sealed class KeplerEstimator : FileEstimator
{
    private const double DefaultIntervalS = 5;
    private const string DefaultAddress = "http://localhost:28282/metrics";

    // The values are arguments; the script never changes.
    private const string Script = """
        while :; do
          echo "# scraped $(date +%s)" && curl -sf --max-time 5 -- "$1" | grep '^kepler_node_cpu_'
          sleep "$2"
        done >>kepler.prom
        """;

    /// <inheritdoc/>
    public override EstimatorFacts Facts { get; } = new()
    {
        Name = "kepler",
        Scopes = [Scope.CpuPackage, Scope.Dram],
        Covers = "The node's processor package and memory by RAPL zones, as counters of joules.",
        LeavesOut = "Graphics cards, board, fans, disks, the power supply's own loss; the zones core, uncore and psys overlap with the package and are not added.",
        RunsOnTarget = true,
        Source = "github.com/sustainable-computing-io/kepler at 13944a69 (0.10 and later)",
        Clock = "The scraper's: here the target's wall clock in whole seconds; the counters themselves move every 5 s.",
        Install = "A running Kepler; command: is the address of its metrics (default http://localhost:28282/metrics), fetched with curl.",
        OwnFiles = ["kepler*.prom", "kepler*.json"],
        Needs =
        [
            new TargetNeed(NeedKind.Program, "curl", Essential: true, "its metrics cannot be fetched"),
            new TargetNeed(NeedKind.HttpAnswer, DefaultAddress, Essential: true, "a running Kepler 0.10 or later is needed there") { Expected = @"^kepler_node_cpu_joules_total\{" },
        ],
        FormatVerified = false,
        Defects =
        [
            new KnownDefect("all", "zones overlap (core within package, package within psys): their sum is no energy"),
            new KnownDefect("all", "a restart sets the counters to 0", "counter-reset"),
        ],
    };

    /// <inheritdoc/>
    public override EstimatorLaunch? Launch(EstimatorSettings settings, string run)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.SelfTracked)
            return null;
        var address = settings.Command ?? DefaultAddress;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0)
            throw new ConfigurationException("that is not the http address of Kepler's metrics, without a name or a password in it", key: "command");
        var interval = Math.Max(1, settings.IntervalS ?? DefaultIntervalS);
        return new EstimatorLaunch(
            ["sh", "-c", Script, "kepler", address, interval.ToString("0", CultureInfo.InvariantCulture)], EstimatorLaunch.Plain,
            StopSignal: "TERM", StartTimeS: 2 * interval, StopTimeS: 10);
    }

    private protected override ClaimSet Open(IReadOnlyList<EstimatorFile> files)
    {
        var samples = files.SelectMany(KeplerSamples.Read).ToArray();
        if (samples.Length == 0)
        {
            throw new ConfigurationException(files.Count == 0
                ? "there is no file of kepler's here; a scrape of its metrics is wanted"
                : "no file here holds kepler_node_cpu_joules_total; scrapes of its metrics, or the JSON of a range query, are wanted", files is [var only] ? only.Path : null);
        }

        var place = files.Count == 1 ? files[0].Path : "kepler's files";
        return SeriesClaims.Set(null, [KeplerSamples.ToClaim(place, samples)], []);
    }
}
