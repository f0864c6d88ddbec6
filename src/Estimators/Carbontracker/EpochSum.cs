using System.Globalization;

using MeterLab.Estimators.Attribution;
using MeterLab.Estimators.Text;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Carbontracker;

/// <summary>The energy of the epochs in a standard log: power times duration, by component, added up.</summary>
internal static class EpochSum
{
    // A RAPL sample takes 1 s and the pause after it another; the smallest counters hold 65.5 kJ.
    private const double SamplePeriodS = 2;
    private const double SmallestCounterJ = 65536;

    /// <summary>The claim of a log with at least one epoch. <paramref name="printed"/>: the total of the output log, to compare with.</summary>
    public static Claim Of(EstimatorRow identity, StandardLog log, OutputBlock? printed, IReadOnlyList<Finding> ofRun)
    {
        var findings = new List<Finding>(ofRun);
        var components = log.Epochs.SelectMany(epoch => epoch.PowersW.Keys).Concat(log.Devices.Keys).Distinct().ToArray();
        var whole = log.Epochs.Where(epoch => epoch.DurationS is not null && components.All(epoch.PowersW.ContainsKey)).ToArray();
        var joules = Sum(log, whole, components, findings);
        var total = joules?.Values.Sum();
        findings.AddRange(Completeness(log, whole.Length, printed));
        if (total is { } sum)
            findings.AddRange(Reservations(log, sum, whole.Sum(epoch => epoch.DurationS!.Value), CarbontrackerRun.Joules(printed, identity.Pue)));
        var usable = joules is not null && findings.TrueForAll(finding => finding.Severity != Severity.Invalid);
        var ended = LocalTimes.AsUtcSeconds(log.Epochs[^1].Ended);
        return new Claim
        {
            Row = identity with
            {
                EnergyJ = usable ? total : null,
                ComponentsJ = usable ? joules! : new Dictionary<string, double>(),
                DurationS = whole.Sum(epoch => epoch.DurationS!.Value),
                EndedLocal = LocalTimes.Write(ended),
                Findings = findings,
            },
            Place = $"{log.File}:{log.Epochs[^1].Line}",
            Tracker = log.File,
            EndedS = ended,
            Scopes = Scopes(log),
        };
    }

    private static Dictionary<string, double>? Sum(StandardLog log, Epoch[] epochs, string[] components, List<Finding> findings)
    {
        var sums = new Dictionary<string, double>();
        foreach (var component in components)
        {
            var measured = epochs.Where(epoch => epoch.PowersW[component] is not null).ToArray();
            if (measured.Length == 0)
            {
                findings.Add(new Finding("no-sample", Severity.Invalid, $"{log.File} has no power of the {component} in any epoch; its energy is not used"));
                return null;
            }

            if (measured.Length < epochs.Length)
                findings.Add(new Finding("epoch-without-sample", Severity.Warning, $"{log.File}: {epochs.Length - measured.Length} epochs were too short for a sample of the {component}; the power of a neighbour is taken, as the tool does"));
            foreach (var epoch in epochs)
                Add(sums, log, component, Borrowed(epochs, epoch, component), epoch.DurationS!.Value);
        }

        return sums.Count > 0 && epochs.Length > 0 ? sums : null;
    }

    // An epoch without a sample takes those of the next one that has some, else of the one before.
    private static IReadOnlyList<double> Borrowed(Epoch[] epochs, Epoch epoch, string component)
    {
        var at = Array.IndexOf(epochs, epoch);
        return epochs[at..].Concat(epochs[..at].Reverse()).Select(other => other.PowersW[component]).First(powers => powers is not null)!;
    }

    // RAPL's memory domains are listed among the processor's devices.
    private static void Add(Dictionary<string, double> sums, StandardLog log, string component, IReadOnlyList<double> powers, double seconds)
    {
        var devices = log.Devices.GetValueOrDefault(component, []);
        for (var i = 0; i < powers.Count; i++)
        {
            var name = devices.Count == powers.Count && IsMemory(devices[i]) ? "ram" : component;
            sums[name] = sums.GetValueOrDefault(name) + powers[i] * seconds;
        }
    }

    private static IEnumerable<Finding> Completeness(StandardLog log, int whole, OutputBlock? printed)
    {
        if (whole < log.Epochs.Count || (log.Cut && !log.Ended))
            yield return new Finding("damaged-row", Severity.Invalid, $"{log.File} was cut off: {whole} of {log.Epochs.Count} epochs in it are whole; its energy is not used");
        else if (printed?.Epochs is { } told && told > whole)
            yield return new Finding("damaged-row", Severity.Invalid, $"{log.File} holds {whole} epochs, the output log speaks of {told}: a part is missing; its energy is not used");
        else if (!log.Ended)
            yield return new Finding("unfinished", Severity.Warning, $"{log.File} has no end: the tracker was not stopped or was killed, and what came after epoch {whole} is not in the figure");
        if (log.Interrupted)
            yield return new Finding("interrupted", Severity.Note, $"{log.File}: training ended before all epochs were monitored");
    }

    private static IEnumerable<Finding> Reservations(StandardLog log, double joules, double seconds, double? printed)
    {
        if (printed is { } other && !CarbontrackerRun.Agree(joules, other))
            yield return new Finding("logs-disagree", Severity.Warning, Words($"{log.File} adds up to {joules:0.###} J, the output log says {other:0.###} J without PUE"));
        var watts = joules / seconds;
        if (IsRapl(log) && joules > SmallestCounterJ)
        {
            yield return new Finding("rapl-wrap", Severity.Warning, Words(
                $"each wrap of a RAPL counter makes one sample of {SamplePeriodS:0} s read 0 W; with counters of 65.5 kJ up to {100 * SamplePeriodS * watts / SmallestCounterJ:0.##} % may be missing"));
        }
    }

    private static List<Scope> Scopes(StandardLog log)
    {
        var scopes = new List<Scope>();
        if (log.Devices.Count == 0 || log.Devices.ContainsKey("cpu"))
            scopes.Add(Scope.CpuPackage);
        if (log.Devices.GetValueOrDefault("cpu", []).Any(IsMemory))
            scopes.Add(Scope.Dram);
        if (log.Devices.ContainsKey("gpu"))
            scopes.Add(Scope.Gpu);
        return scopes;
    }

    private static bool IsRapl(StandardLog log) => log.Devices.GetValueOrDefault("cpu", []).Any(name => name.StartsWith("cpu:", StringComparison.Ordinal));

    private static bool IsMemory(string device) => device.StartsWith("dram:", StringComparison.Ordinal);

    private static string Words(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
