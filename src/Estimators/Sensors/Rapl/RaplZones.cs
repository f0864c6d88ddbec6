using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Sensors.Rapl;

/// <summary>Which of a machine's zones count: no energy twice, and none that a part is missing from.</summary>
internal static class RaplZones
{
    // Dies that show one counter are read one after the other, within the reading's two stamps: what a package uses meanwhile lies between
    // their values, J. On a busy machine that may be long; half a millisecond is a slow reading of a file.
    private const double MirrorJ = 1;
    private const double MirrorW = 1000;
    private const double LeastS = 5e-4;

    /// <summary>The tracks of the zones of these components. What is left out is told; what makes the sum useless is invalid.</summary>
    public static (IReadOnlyList<SensorTrack> Tracks, IReadOnlyList<string> Components) Of(SensorFile file, IReadOnlyList<string> components, List<Finding> findings)
    {
        RaplZone[] all = [.. file.Descriptions.Select(RaplZone.Parse).OfType<RaplZone>()];
        // Denied first and readable later: somebody changed its mode meanwhile.
        RaplZone[] zones = [.. all.Where(zone => zone.Number is not null || !Array.Exists(all, other => other.Number is not null && other.Folder == zone.Folder))];
        var left = zones.Where(zone => zone.Component is null).Select(zone => zone.Title).Distinct().ToArray();
        if (left.Length > 0)
            findings.Add(new Finding("zones", Severity.Note, $"{string.Join(", ", left)}: within a package, or no energy of the processor; not added"));
        var wanted = zones.Where(zone => zone.Component is { } own && components.Contains(own)).ToArray();
        if (wanted.Length == 0)
        {
            findings.Add(new Finding("no-domain", Severity.Invalid, $"{file.Path}: the target has no such domain{(zones.Length > 0 ? $", only {string.Join(", ", zones.Select(zone => zone.Title).Distinct())}" : " (a virtual machine has none, nor has a kernel without the powercap driver)")}; its energy is not used"));
            return ([], []);
        }

        var read = wanted.Select(zone => (Zone: zone, Values: zone.Number is null ? [] : RaplCounter.Values(file, zone))).ToArray();
        var kept = WithoutMirrors(file, WithoutTwins(read, findings), findings);
        return Complete(file, kept, findings);
    }

    // Newer machines show one package through two drivers. The one that can be read counts, the older driver before the newer.
    private static List<(RaplZone Zone, IReadOnlyList<(double AtS, double Joules)> Values)> WithoutTwins(
        IEnumerable<(RaplZone Zone, IReadOnlyList<(double AtS, double Joules)> Values)> zones, List<Finding> findings)
    {
        var kept = new List<(RaplZone Zone, IReadOnlyList<(double AtS, double Joules)> Values)>();
        foreach (var same in zones.GroupBy(one => one.Zone.Title))
        {
            var drivers = same.GroupBy(one => one.Zone.Driver).OrderByDescending(driver => driver.Min(one => Math.Min(one.Values.Count, 2))).ThenBy(driver => driver.Key, StringComparer.Ordinal).ToArray();
            kept.AddRange(drivers[0]);
            if (drivers.Length > 1)
                findings.Add(new Finding("twin-zone", Severity.Note, $"{same.Key} is shown by {string.Join(" and ", drivers.Select(driver => driver.Key))}; that of {drivers[0].Key} counts"));
        }

        return kept;
    }

    // Some processors of several dies show the socket's counter once a die.
    private static List<(RaplZone Zone, IReadOnlyList<(double AtS, double Joules)> Values)> WithoutMirrors(
        SensorFile file, List<(RaplZone Zone, IReadOnlyList<(double AtS, double Joules)> Values)> zones, List<Finding> findings)
    {
        var kept = new List<(RaplZone Zone, IReadOnlyList<(double AtS, double Joules)> Values)>();
        var apart = file.Readings.GroupBy(reading => reading.AtS).ToDictionary(same => same.Key, same => same.Max(reading => (reading.AfterNs - reading.BeforeNs) * 1e-9));
        foreach (var one in zones)
        {
            var twin = kept.FirstOrDefault(other => IsMirror(other.Zone, one.Zone) && SameCounter(other, one, apart));
            if (twin.Zone is null)
                kept.Add(one);
            else
                findings.Add(new Finding("mirrored-die", Severity.Warning, $"{one.Zone.Title} shows the same counter as {twin.Zone.Title}: one socket, counted once"));
        }

        return kept;
    }

    private static bool IsMirror(RaplZone a, RaplZone b) =>
        a.Driver == b.Driver && a.Component == b.Component
        && ((a.DieOf is { } die && die == b.DieOf) || (a.Name == b.Name && a.Above != b.Above && a.Above.Split("-die-") is [var above, _] && b.Above.Split("-die-") is [var other, _] && above == other));

    private static bool SameCounter(
        (RaplZone Zone, IReadOnlyList<(double AtS, double Joules)> Values) a, (RaplZone Zone, IReadOnlyList<(double AtS, double Joules)> Values) b,
        Dictionary<double, double> longestS)
    {
        var values = b.Values.DistinctBy(value => value.AtS).ToDictionary(value => value.AtS, value => value.Joules);
        var pairs = a.Values.Where(value => values.ContainsKey(value.AtS))
            .Select(value => (Joules: Math.Abs(value.Joules - values[value.AtS]), Most: MirrorJ + (MirrorW * Math.Max(LeastS, longestS[value.AtS])))).ToArray();
        var range = a.Zone.RangeJ ?? double.PositiveInfinity;
        // A wrap may fall between the two.
        return pairs.Length > 0 && Array.TrueForAll(pairs, pair => Math.Min(pair.Joules, Math.Abs(range - pair.Joules)) <= pair.Most);
    }

    private static (IReadOnlyList<SensorTrack> Tracks, IReadOnlyList<string> Components) Complete(
        SensorFile file, List<(RaplZone Zone, IReadOnlyList<(double AtS, double Joules)> Values)> zones, List<Finding> findings)
    {
        // A sum that lacks a zone is wrong where the zone's like is in it, and narrower where none is.
        var silent = zones.Where(one => one.Values.Count < 2).Select(one => one.Zone).ToArray();
        var tracks = new List<SensorTrack>();
        foreach (var kind in zones.GroupBy(one => one.Zone.Component!))
        {
            RaplZone[] missing = [.. silent.Where(zone => zone.Component == kind.Key)];
            if (missing.Length > 0)
                findings.Add(Missing(missing, isFatal: kind.Key != "ram"));
            else
                tracks.AddRange(kind.Select(one => Track(file, one.Zone, one.Values, findings)));
        }

        return (tracks, [.. tracks.Select(track => track.Component).Distinct()]);
    }

    private static Finding Missing(RaplZone[] zones, bool isFatal)
    {
        var denied = zones.Where(zone => zone.Number is null).ToArray();
        var names = string.Join(", ", zones.Select(zone => zone.Title));
        var what = isFatal ? "; its energy is not used" : "; memory is missing in the figure";
        return denied.Length > 0
            ? new Finding("permission", isFatal ? Severity.Invalid : Severity.Warning, $"{names}: energy_uj may not be read by this account (root only since Linux 5.10); let an administrator run chmod a+r /sys/class/powercap/{denied[0].Folder}/energy_uj after each start, or write a udev rule{what}")
            : new Finding("failed-read", isFatal ? Severity.Invalid : Severity.Warning, $"{names}: energy_uj gave fewer than two values{what}");
    }

    private static SensorTrack Track(SensorFile file, RaplZone zone, IReadOnlyList<(double AtS, double Joules)> values, List<Finding> findings)
    {
        var track = RaplCounter.Track(zone, values, findings);
        var failed = file.Readings.Count(reading => reading.AtS >= track.FromS && reading.AtS <= track.ToS) - values.Count;
        if (failed > 0)
            findings.Add(new Finding("failed-read", Severity.Warning, $"{zone.Title}: {failed} readings failed; the counter went on meanwhile, and nothing is missing but their time"));
        var (late, early) = (track.FromS - file.Readings[0].AtS, file.Readings[^1].AtS - track.ToS);
        if (late > file.IntervalS)
            findings.Add(new Finding("late-zone", Severity.Warning, FormattableString.Invariant($"{zone.Title} appeared {late:0.0} s after the first reading; what it used before is missing")));
        if (early > file.IntervalS)
            findings.Add(new Finding("lost-zone", Severity.Warning, FormattableString.Invariant($"{zone.Title} was gone {early:0.0} s before the last reading; what it used after is missing")));
        return track;
    }
}
