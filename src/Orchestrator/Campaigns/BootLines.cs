using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Samples;
using MeterLab.Storage.Clocks;

namespace MeterLab.Orchestrator.Campaigns;

/// <summary>
/// The lab's line over several boots of the lab host. The monotonic clock starts anew with each, so nanoseconds of two boots must never
/// meet: each later boot is shifted to where UTC says that it began, and always behind the one before it. A campaign of one boot
/// keeps its nanoseconds as they are.
/// </summary>
internal sealed class BootLines
{
    // Samples reach a little past the anchors at both ends of a boot; two boots of one computer are further apart than this.
    private const long LeastDistanceNs = 60_000_000_000;

    private readonly Dictionary<string, long> _shifts = [];

    private BootLines(List<HostAnchor> anchors) => Anchors = anchors;

    /// <summary>All anchors on the common line.</summary>
    public IReadOnlyList<HostAnchor> Anchors { get; }

    /// <summary>Lays the boots of these anchors, which are in the order of taking, one behind the other.</summary>
    public static BootLines Of(IReadOnlyList<HostAnchorRecord> records)
    {
        var anchors = new List<HostAnchor>(records.Count);
        var lines = new BootLines(anchors);
        foreach (var boot in records.GroupBy(record => record.Boot))
        {
            var first = boot.First().Anchor;
            var (shift, rawShift) = anchors.Count == 0 ? (0, 0) : Shift(anchors[^1], first);
            lines._shifts.Add(boot.Key, shift);
            anchors.AddRange(boot.Select(record => record.Anchor).Select(anchor => new HostAnchor(
                anchor.MonotonicBeforeNs + shift, anchor.RawNs + rawShift, anchor.UtcNs, anchor.MonotonicAfterNs + shift)));
        }

        return lines;
    }

    /// <summary>What to add to a boot's nanoseconds; null for a boot without an anchor, which nothing places.</summary>
    public long? ShiftOf(string boot) => _shifts.TryGetValue(boot, out var shift) ? shift : null;

    /// <summary>An observation on the common line.</summary>
    public static SyncObservation Move(SyncObservation observation, long shift) =>
        observation with { BeforeNs = observation.BeforeNs + shift, AfterNs = observation.AfterNs + shift };

    /// <summary>Moves samples to the common line, where they are.</summary>
    public static RawSample[] Move(RawSample[] samples, long shift)
    {
        for (var i = 0; shift != 0 && i < samples.Length; i++)
            samples[i] = samples[i] with { BeforeNs = samples[i].BeforeNs + shift, AfterNs = samples[i].AfterNs + shift };
        return samples;
    }

    private static (long Line, long Raw) Shift(HostAnchor last, HostAnchor first)
    {
        // Where UTC was set back in between, the order of the boots still holds; the line then shows a step of UTC.
        var elapsed = Math.Max(first.UtcNs - last.UtcNs, LeastDistanceNs);
        return (last.MonotonicNs + elapsed - first.MonotonicNs, last.RawNs + elapsed - first.RawNs);
    }
}
