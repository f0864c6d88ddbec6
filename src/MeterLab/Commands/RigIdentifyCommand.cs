using System.CommandLine;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Rendering.Text;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;
using MeterLab.Orchestrator.Reconciliation;
using MeterLab.Orchestrator.Reports;
using MeterLab.Orchestrator.Wiring;

namespace MeterLab.Cli.Commands;

/// <summary><c>rig identify TARGET</c>: which channels follow a target's load, with sign and size, and what that says of the wiring.</summary>
internal static class RigIdentifyCommand
{
    private static readonly TimeSpan CheckDuration = TimeSpan.FromSeconds(10);

    private sealed record ChannelRow(string Channel, string? Scope, double? StepW, double? UW, double? Score, bool Moves, int Samples);

    private sealed record Document(string Target, string Test, double Seconds, IReadOnlyList<ChannelRow> Channels, IReadOnlyList<FindingRow> Findings);

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var name = new Argument<string>("TARGET") { Description = "a target of the rig file" };
        var zero = new Option<bool>("--zero") { Description = "do not load it: it is switched off, and its meters must read zero" };
        var known = new Option<string?>("--known") { Description = "do not load it: in its place there is a load of this power", HelpName = "100W" };
        var accept = ClockCommand.AcceptOption();
        return host.Reading(
            new Command("identify", "loads one target by a pattern and tells which channels follow: wiring, phases, current transformers") { name, zero, known, accept },
            (arguments, session, cancellationToken) =>
            {
                var power = arguments.GetValue(known) is { } text ? Power(text) : arguments.GetValue(zero) ? 0 : (double?)null;
                if (arguments.GetValue(zero) && arguments.GetValue(known) is not null)
                    throw new ConfigurationException("--zero and --known do not go together: it is either off or a known load");
                return RunAsync(arguments.GetRequiredValue(name), power, arguments.GetValue(accept), session, cancellationToken);
            });
    }

    private static async Task<int> RunAsync(string name, double? power, bool accept, Session session, CancellationToken cancellationToken)
    {
        var services = session.Services;
        var target = ClockCommand.Find(session.Rig, name);
        var probe = new WiringProbe(services.Meters, (machine, rig) => services.OpenTarget(rig, machine, accept), services.Time);
        var report = power is { } expected
            ? await probe.CheckAsync(session.Rig, target, expected, CheckDuration, cancellationToken).ConfigureAwait(false)
            : await probe.IdentifyAsync(session.Rig, target, new SessionNotes(session), cancellationToken).ConfigureAwait(false);
        var document = new Document(
            report.Target,
            power switch { null => "pattern", 0 => "zero", _ => "known" },
            report.Seconds,
            [.. report.Channels.Select(channel => Row(channel, power is null))],
            [.. report.Findings.Select(FindingRows.Of)]);
        session.Show(document, text => Write(text, document));
        return report.Findings.Any(finding => finding.Severity != Severity.Note) ? ExitCode.NotValid : ExitCode.Success;
    }

    private static ChannelRow Row(WiringChannel channel, bool pattern) => new(
        channel.Channel.ToString(),
        channel.Scope is { } scope ? Scopes.NameOf(scope) : null,
        channel.StepWatts,
        channel.UncertaintyWatts,
        pattern ? channel.Score : null,
        pattern && channel.Moves,
        channel.Samples);

    private static void Write(TextWriter text, Document document)
    {
        var pattern = document.Test == "pattern";
        var table = new TextTable("channel", "of this target", pattern ? "step" : "mean", "u (k=1)", "samples", pattern ? "follows" : "");
        foreach (var row in document.Channels)
        {
            table.Add(
                row.Channel, row.Scope ?? "-", Figures.Of(row.StepW, "W"), Figures.Of(row.UW, "W", 2), FormattableString.Invariant($"{row.Samples}"),
                pattern ? (row.Moves ? "yes" : "no") : null);
        }

        table.Write(text);
        foreach (var finding in document.Findings)
            text.WriteLine(Failures.Plain($"{finding.Severity}: {finding.Detail}"));
        if (document.Findings.Count == 0)
            text.WriteLine("nothing speaks against the rig file");
    }

    private static double Power(string text) => UnitText.TryParse(text, Dimension.Power, out var watts, out var problem)
        ? watts
        : throw new ConfigurationException($"--known: {problem}");
}
