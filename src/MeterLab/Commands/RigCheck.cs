using MeterLab.Cli.Hosting;
using MeterLab.Cli.Rendering.Text;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;
using MeterLab.MeterDrivers;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Orchestrator.Targets;

namespace MeterLab.Cli.Commands;

/// <summary>Asks every meter and every target of a rig whether it is there, and is what the file says.</summary>
internal static class RigCheck
{
    /// <summary>Opens, identifies and reads each meter once.</summary>
    public static async Task MetersAsync(Session session, List<CheckRow> rows, CancellationToken cancellationToken)
    {
        foreach (var meter in session.Rig.Meters)
        {
            session.Note($"meter {meter.Name} …");
            try
            {
                rows.AddRange((await MeterAsync(session, meter, cancellationToken).ConfigureAwait(false)).Select(finding => Row(meter, finding)));
            }
            catch (MeterLabException e)
            {
                rows.Add(Row(meter, new Finding("meter", Severity.Invalid, e.Message)));
            }
        }

        static CheckRow Row(RigMeter meter, Finding finding) => CheckRow.Of($"meter {meter.Name}", finding);
    }

    /// <summary>Reaches each target, looks at its tools and its clock, and at what the rig file says of it.</summary>
    public static async Task TargetsAsync(Session session, bool acceptNewHostKey, List<CheckRow> rows, CancellationToken cancellationToken)
    {
        foreach (var rigTarget in session.Rig.Targets)
        {
            session.Note($"target {rigTarget.Name} …");
            var findings = new List<Finding>(Wiring(session.Rig, rigTarget));
            try
            {
                var target = session.Services.OpenTarget(session.Rig, rigTarget, acceptNewHostKey);
                await using (target.ConfigureAwait(false))
                {
                    var result = await TargetCheck.RunAsync(target, cancellationToken).ConfigureAwait(false);
                    findings.AddRange(result.Findings);
                    if (result.Fingerprint is { } fingerprint)
                        findings.AddRange(await EstimatorCheck.RunAsync(target, rigTarget, fingerprint, cancellationToken).ConfigureAwait(false));
                }
            }
            catch (MeterLabException e)
            {
                findings.Add(new Finding("target", Severity.Invalid, e.Message));
            }

            rows.AddRange(findings.Select(finding => CheckRow.Of($"target {rigTarget.Name}", finding)));
        }
    }

    private static async Task<IReadOnlyList<Finding>> MeterAsync(Session session, RigMeter rigMeter, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        var meter = await session.Services.Meters.OpenAsync(rigMeter.Uri, rigMeter.Name, cancellationToken).ConfigureAwait(false);
        await using (meter.ConfigureAwait(false))
        {
            var identity = await meter.IdentifyAsync(cancellationToken).ConfigureAwait(false);
            var readings = (await meter.ReadAsync(cancellationToken).ConfigureAwait(false)).Select(rigMeter.Describe);
            var power = readings.Where(reading => reading.Quantity == Quantity.ActivePower)
                .Select(reading => $"{reading.Channel} {Figures.Of(reading.Value, Quantity.ActivePower)}");
            var serial = identity.Serial is { } number ? $", serial {number}" : "";
            findings.Add(new Finding("meter", Severity.Note, $"{meter.Facts.Model}{serial}; {string.Join(", ", power)}"));
            if (identity.AutoRange)
                findings.Add(new Finding("auto-range", Severity.Warning, $"{meter.Facts.Model} chooses its range by itself; values are missing while it changes over. Fix the ranges before a run"));
            findings.AddRange(Channels(session.Rig, rigMeter, meter));
            if (meter.Facts.FactsMark == 0)
                findings.Add(new Finding("facts-mark", Severity.Note, $"nobody has confirmed the facts about {meter.Facts.Model} yet ({meter.Facts.Source})"));
        }

        return findings;
    }

    private static IEnumerable<Finding> Channels(Rig rig, RigMeter rigMeter, IMeter meter)
    {
        var traces = meter.Traces.Where(trace => trace.Quantity == Quantity.ActivePower).ToDictionary(trace => trace.Channel.Channel);
        foreach (var channel in rig.Targets.SelectMany(target => target.FedBy).Select(feed => feed.Channel).Where(channel => channel.Meter == rigMeter.Name).Distinct())
        {
            if (!traces.TryGetValue(channel.Channel, out var trace))
            {
                yield return new Finding(
                    "channel", Severity.Invalid, $"there is no power of channel '{channel.Channel}'; this meter has {string.Join(", ", traces.Keys)}");
            }
            else if (rigMeter.Describe(trace).Accuracy is null)
            {
                yield return new Finding(
                    "accuracy-unknown", Severity.Warning, $"{channel}: no accuracy is known; runs on it are inconclusive unless the rig file states one");
            }
        }
    }

    private static IEnumerable<Finding> Wiring(Rig rig, RigTarget target)
    {
        var truths = target.FedBy.Where(feed => rig.FindMeter(feed.Channel.Meter)!.Role == MeterRole.Truth).Select(feed => feed.Scope).Distinct().ToList();
        if (truths.Count == 0)
            yield return new Finding("no-meter", Severity.Warning, "no meter feeds it; there will be nothing to compare estimators with");
        else if (!truths.Contains(Scope.WallAc))
            yield return new Finding("no-wall-meter", Severity.Note, "no meter covers wall-ac; estimators that claim more than the metered scopes cannot be compared");
        if (target.Estimators.Count == 0)
            yield return new Finding("no-estimator", Severity.Note, "it names no estimators; a campaign must");
    }
}
