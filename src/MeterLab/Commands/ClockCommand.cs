using System.CommandLine;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Rendering.Text;
using MeterLab.Configuration;
using MeterLab.Measurement;
using MeterLab.Measurement.Clocks;
using MeterLab.Orchestrator.Reconciliation;
using MeterLab.Orchestrator.Reports;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Orchestrator.Targets;

namespace MeterLab.Cli.Commands;

/// <summary><c>clock NAME</c>: offset, rate and uncertainty of a target's clock, probed over one open channel.</summary>
internal static class ClockCommand
{
    private const double DefaultS = 10;

    private sealed record StepRow(IReadOnlyList<string> Between, double SizeS);

    private sealed record Document(
        string Target, double OffsetS, double RatePpm, double UncertaintyS, double RateUncertaintyPpm, double K, double RttMinS, int Probes,
        string ReferenceTime, string Helper, double ResolutionS, bool? Synchronised, IReadOnlyList<StepRow> Steps, IReadOnlyList<FindingRow> Findings);

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var name = TargetArgument();
        var seconds = Options.Seconds("--seconds", "how long to probe; the rate gets better with time (default: 10)");
        var accept = AcceptOption();
        return host.Reading(
            new Command("clock", "offset, rate and uncertainty of a target's clock") { name, seconds, accept },
            (arguments, session, cancellationToken) => RunAsync(
                arguments.GetRequiredValue(name), arguments.GetValue(seconds) ?? DefaultS, arguments.GetValue(accept), session, cancellationToken));
    }

    /// <summary>The argument that names a target.</summary>
    public static Argument<string> TargetArgument() => new("NAME") { Description = "a target of the rig file" };

    /// <summary>The option that trusts a host on first contact.</summary>
    public static Option<bool> AcceptOption() =>
        new("--accept-new-host-key") { Description = "trust a host that was never seen before, and write its key down" };

    /// <summary>The target of this name. Throws with the nearest known one.</summary>
    public static RigTarget Find(Rig rig, string name)
    {
        var names = rig.Targets.Select(target => target.Name).ToArray();
        return rig.FindTarget(name) ?? throw new ConfigurationException(
            names.Length == 0 ? "the rig has no targets" : $"there is no target '{name}'; {Nearest.Suggest(name, names)}", rig.File);
    }

    private static async Task<int> RunAsync(string name, double seconds, bool accept, Session session, CancellationToken cancellationToken)
    {
        var services = session.Services;
        var target = services.OpenTarget(session.Rig, Find(session.Rig, name), accept);
        await using (target.ConfigureAwait(false))
        {
            var helper = await TargetClock.FindHelperAsync(target, cancellationToken).ConfigureAwait(false);
            var status = await ClockStatus.ReadAsync(target, cancellationToken).ConfigureAwait(false);
            var before = await TargetState.ReadAsync(target, cancellationToken).ConfigureAwait(false);
            List<HostAnchor> anchors = [services.Clock.Anchor()];
            var probing = ProbeAsync(target, helper, seconds, services, () => anchors.Add(services.Clock.Anchor()), cancellationToken);
            await LiveBar.ShowAsync(session.Terminal, $"probing the clock of {name} for {seconds:G6} s", TimeSpan.FromSeconds(seconds), services.Time, probing)
                .ConfigureAwait(false);
            var fit = ClockFit.Fit(await probing.ConfigureAwait(false), ClockId.Target(name));
            var after = await TargetState.ReadAsync(target, cancellationToken).ConfigureAwait(false);
            var line = new HostTimeLine(anchors);
            List<Finding> findings = [status.Finding, .. line.UtcSteps().Select(HostStep)];
            if (after.Since(before, (anchors[^1].MonotonicNs - anchors[0].MonotonicNs) * 1e-9) is { } change)
                findings.Add(change);
            var document = Describe(name, helper, fit, line) with { Synchronised = status.Synchronised, Findings = [.. findings.Select(FindingRows.Of)] };
            session.Show(document, text => Write(text, document));
        }

        return ExitCode.Success;
    }

    private static async Task<IReadOnlyList<SyncObservation>> ProbeAsync(
        ITarget target, ClockHelper helper, double seconds, Composition services, Action afterBurst, CancellationToken cancellationToken)
    {
        var channel = await TargetClock.OpenAsync(target, helper, cancellationToken).ConfigureAwait(false);
        await using (channel.ConfigureAwait(false))
            return await TargetClock.ProbeAsync(channel, ProbeOptions.For(seconds), services.Time, cancellationToken, afterBurst).ConfigureAwait(false);
    }

    private static Finding HostStep(ClockStep step) => new("host-clock-step", Severity.Warning, FormattableString.Invariant(
        $"the lab host's own UTC stepped by {step.SizeNs * 1e-9:+0.000000;-0.000000} s meanwhile; rate and steps are on its monotonic clock and did not move, the offset is from its UTC at the reference time"));

    private static Document Describe(string name, ClockHelper helper, ClockFitResult fit, HostTimeLine line)
    {
        // After a step only the last piece says what the clock shows now.
        var map = fit.Segments[^1];
        var reference = new ClockReading(map.From, Math.Clamp(map.ReferenceNs, map.ValidFromNs, map.ValidToNs));
        var offsetNs = map.Map(reference).Nanoseconds - line.ToUtcNs(reference.Nanoseconds);
        return new Document(
            name,
            offsetNs * 1e-9,
            map.Rate * 1e6,
            2 * map.UncertaintyNsAt(reference) * 1e-9,
            2 * map.RateUncertainty * 1e6,
            2,
            fit.MinRoundTripNs * 1e-9,
            fit.Probes,
            Figures.Utc(line.ToUtcNs(reference.Nanoseconds)),
            helper.Name,
            helper.ResolutionNs * 1e-9,
            null,
            [.. fit.Steps.Select(step => new StepRow([Figures.Utc(line.ToUtcNs(step.FromNs)), Figures.Utc(line.ToUtcNs(step.ToNs))], step.SizeNs * 1e-9))],
            []);
    }

    private static void Write(TextWriter text, Document clock)
    {
        var table = new TextTable("clock of " + clock.Target, "value", "U (k=2)");
        table.Add("offset from the lab host's UTC", Figures.Of(clock.OffsetS, "s", 9), Figures.Of(clock.UncertaintyS, "s", 2));
        table.Add("rate", Figures.Of(clock.RatePpm, "ppm"), Figures.Of(clock.RateUncertaintyPpm, "ppm", 2));
        table.Add("shortest round trip", Figures.Of(clock.RttMinS, "s", 3), null);
        table.Write(text);
        text.WriteLine($"{clock.Probes} probes through {clock.Helper} (resolution {Figures.Of(clock.ResolutionS, "s", 3)}), stated at {clock.ReferenceTime}");
        foreach (var step in clock.Steps)
            text.WriteLine($"STEP of {Figures.Of(step.SizeS, "s")} between {step.Between[0]} and {step.Between[1]}");
        foreach (var finding in clock.Findings)
            text.WriteLine($"{finding.Severity}: {finding.Detail}");
    }
}
