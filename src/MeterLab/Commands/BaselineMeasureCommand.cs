using System.CommandLine;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Rendering.Text;
using MeterLab.Measurement.Quantities;
using MeterLab.Orchestrator.Baselines;

namespace MeterLab.Cli.Commands;

/// <summary><c>baseline measure TARGET</c>: waits until the machine has settled, measures its idle power, keeps it.</summary>
internal static class BaselineMeasureCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var target = new Argument<string>("TARGET") { Description = "a target of the rig file" };
        var scope = ScopeOption("what to measure (default: the widest scope that a reference meter feeds)");
        var seconds = Options.Seconds("--seconds", "measure for so long at most, once settled (default: 120)");
        var uncertainty = Options.Power("--uncertainty", "stop when the idle power is known to this, k = 2, with its unit (default: 1 % of it)");
        var settle = Options.Time("--settle-at-most", "wait for the power to settle for so long at most, with its unit (default: 5min)");
        var steps = new Option<bool>("--load-steps") { Description = "load 25, 50, 75 and 100 % of the processors too: the power curve, and a second idle power by extrapolation" };
        var accept = ClockCommand.AcceptOption();
        var command = new Command("measure", "a target's idle power, with its uncertainty") { target, scope, seconds, uncertainty, settle, steps, accept };
        return host.Reading(command, (arguments, session, cancellationToken) => RunAsync(
            arguments.GetRequiredValue(target),
            Request(arguments.GetValue(scope), arguments.GetValue(seconds), arguments.GetValue(uncertainty), arguments.GetValue(settle), arguments.GetValue(steps)),
            arguments.GetValue(accept),
            session,
            cancellationToken));
    }

    /// <summary>The option that names a scope.</summary>
    public static Option<string?> ScopeOption(string description)
    {
        var scope = new Option<string?>("--scope") { Description = description, HelpName = "SCOPE" };
        scope.AcceptOnlyFromAmong([.. Scopes.Names]);
        return scope;
    }

    private static BaselineRequest Request(string? scope, double? seconds, double? uncertaintyW, TimeSpan? settle, bool loadSteps)
    {
        var standard = new BaselineRequest();
        return standard with
        {
            Scope = scope is null ? null : Scopes.Find(scope),
            AtMost = seconds is { } most ? TimeSpan.FromSeconds(most) : standard.AtMost,
            UncertaintyW = uncertaintyW,
            SettleAtMost = settle ?? standard.SettleAtMost,
            LoadSteps = loadSteps,
        };
    }

    private static async Task<int> RunAsync(string name, BaselineRequest request, bool accept, Session session, CancellationToken cancellationToken)
    {
        var target = ClockCommand.Find(session.Rig, name);
        using var store = session.OpenStore();
        var meter = new BaselineMeter(session.Services.Lab(store, null, accept), session.Note);
        var result = await meter.MeasureAsync(target, session.Rig, request, cancellationToken).ConfigureAwait(false);
        session.Show(result, text => BaselineText.Write(text, result));
        return result.Steady && result.Findings.All(finding => finding.Severity != "invalid") ? ExitCode.Success : ExitCode.NotValid;
    }
}
