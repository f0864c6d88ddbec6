using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Orchestrator.Wiring;

/// <summary>What the answers of all channels to one target's load say of the wiring.</summary>
public static class WiringFindings
{
    // Scopes inside one another differ by what a supply loses; less than this is no hint of anything.
    private const double Noticeable = 0.1;

    // Two standard deviations.
    private const double Coverage = 2;

    // Factors of current transformers that are taken for one another: 2 and more apart, either way. Smaller ones are a meter's error.
    private const double WrongRatio = 1.5;

    /// <summary>The findings, the gravest first.</summary>
    public static IReadOnlyList<Finding> Of(string target, IReadOnlyList<WiringChannel> channels)
    {
        ArgumentNullException.ThrowIfNull(channels);
        var findings = new List<Finding>();
        var fed = channels.Where(channel => channel.Scope is not null).ToList();
        var largest = Largest(channels.Where(channel => channel.Moves));
        foreach (var channel in fed)
            findings.AddRange(OfFed(target, channel, channels, largest));
        foreach (var channel in channels.Where(channel => channel.Scope is null && channel.Moves && Math.Abs(channel.StepWatts!.Value) > Noticeable * largest))
        {
            // The total of a meter moves with each of its phases, and a phase with the total.
            if (!fed.Any(other => other.Channel.Meter == channel.Channel.Meter && other.Moves))
                findings.Add(new Finding("wiring-stranger", Severity.Warning, $"{channel.Channel} moves with the load of {target} by {Watts(channel)}, and the rig file does not say that it feeds it."));
        }

        findings.AddRange(Ratios(fed));
        return [.. findings.OrderByDescending(finding => finding.Severity)];
    }

    /// <summary>Whether a channel may hide a step that would be noticed beside the largest one: neither seen nor excluded.</summary>
    internal static bool IsUnsettled(WiringChannel channel, IReadOnlyList<WiringChannel> channels) =>
        !channel.Moves && WiringChannel.Significance * (channel.UncertaintyWatts ?? 0) > Noticeable * Largest(channels);

    private static double Largest(IEnumerable<WiringChannel> channels) => channels.Select(channel => Math.Abs(channel.StepWatts ?? 0)).DefaultIfEmpty(0).Max();

    private static IEnumerable<Finding> OfFed(string target, WiringChannel channel, IReadOnlyList<WiringChannel> all, double largest)
    {
        if (channel.Moves && channel.StepWatts < 0)
        {
            yield return new Finding("wiring-reversed", Severity.Invalid,
                $"{channel.Channel} falls with the load of {target} by {Watts(channel)}: its current transformer or its shunt is the wrong way round, or it is on another phase than its voltage.");
        }

        if (channel.Moves && Math.Abs(channel.StepWatts!.Value) >= Noticeable * Noticeable * largest)
            yield break;
        var instead = all.Where(other => other.Scope is null && other.Moves && other.Channel.Meter == channel.Channel.Meter && other.Channel.Channel != "total"
            && Math.Abs(other.StepWatts!.Value) > Noticeable * largest).MaxBy(other => Math.Abs(other.StepWatts!.Value));
        yield return instead is not null
            ? new Finding("wiring-swapped", Severity.Invalid, $"{channel.Channel} does not move with the load of {target}, and {instead.Channel} does by {Watts(instead)}: the phases or the outlets are swapped.")
            : new Finding("wiring-still", Severity.Invalid, channel.StepWatts is null
                ? $"{channel.Channel} gave {channel.Samples} samples, too few to tell whether it moves with the load of {target}."
                : $"{channel.Channel} does not move with the load of {target} ({Watts(channel)}): is it wired to it?");
    }

    // Meters in series see one step; the factor by which they differ is a transformer's ratio, or a shunt's.
    private static IEnumerable<Finding> Ratios(List<WiringChannel> fed)
    {
        foreach (var series in fed.Where(channel => channel.Moves).GroupBy(channel => channel.Scope))
        {
            // Several channels of one meter add up; only other meters are in series.
            var meters = series.GroupBy(channel => channel.Channel.Meter).Select(Sum).ToList();
            foreach (var (first, second) in meters.SelectMany((first, i) => meters.Skip(i + 1).Select(second => (first, second))))
            {
                var factor = Math.Abs(second.Step / first.Step);
                var u = Math.Sqrt(Math.Pow(first.U / first.Step, 2) + Math.Pow(second.U / second.Step, 2) + first.Gain * first.Gain / 3 + second.Gain * second.Gain / 3);
                if (Math.Abs(factor - 1) <= Coverage * u * factor)
                    continue;
                var wrong = factor is > WrongRatio or < 1 / WrongRatio;
                yield return new Finding(wrong ? "wiring-ratio" : "meters-disagree", wrong ? Severity.Invalid : Severity.Warning, FormattableString.Invariant(
                    $"{second.Meter} sees {factor:0.###} times the step of {first.Meter} ({Scopes.NameOf(series.Key!.Value)}), more apart than both their uncertainties: {(wrong ? "a current transformer's ratio or a shunt is wrong in the rig file, or one of them carries more or less than this target" : "check them against a known load")}."));
            }
        }
    }

    private static (string Meter, double Step, double U, double Gain) Sum(IGrouping<string, WiringChannel> meter) => (
        meter.Key, meter.Sum(channel => channel.StepWatts!.Value), Math.Sqrt(meter.Sum(channel => Math.Pow(channel.UncertaintyWatts!.Value, 2))), meter.Max(channel => channel.Gain ?? 0));

    private static string Watts(WiringChannel channel) => FormattableString.Invariant($"{channel.StepWatts:+0.##;-0.##;0} W, u {channel.UncertaintyWatts:0.##} W");
}
