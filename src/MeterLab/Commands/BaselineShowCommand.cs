using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

using MeterLab.Cli.Hosting;
using MeterLab.Configuration;
using MeterLab.Measurement;
using MeterLab.Orchestrator.Baselines;
using MeterLab.Orchestrator.Reports;
using MeterLab.Orchestrator.Targets;

namespace MeterLab.Cli.Commands;

/// <summary><c>baseline show TARGET</c>: the newest baseline, and whether it still counts.</summary>
internal static class BaselineShowCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var target = new Argument<string>("TARGET") { Description = "a target that has a baseline" };
        var scope = BaselineMeasureCommand.ScopeOption("of this scope (default: that of the newest)");
        var check = new Option<bool>("--check") { Description = "ask the target whether its fingerprint is still the same" };
        var accept = ClockCommand.AcceptOption();
        return host.Reading(
            new Command("show", "the idle power in force") { target, scope, check, accept },
            (arguments, session, cancellationToken) => RunAsync(
                arguments.GetRequiredValue(target), arguments.GetValue(scope), arguments.GetValue(check), arguments.GetValue(accept), session, cancellationToken));
    }

    /// <summary>The baselines of a target; throws where there are none.</summary>
    public static IReadOnlyList<BaselineResult> Load(Session session, string target, string? scope)
    {
        using var store = session.OpenStoreForReading();
        var history = BaselineMeter.History(store.Baselines, target, scope);
        return history.Count > 0 ? history : throw new ConfigurationException(
            $"there is no baseline of '{target}'{(scope is null ? "" : $" in {scope}")} in {store.Path}; meterlab baseline measure {target} makes one");
    }

    private static async Task<int> RunAsync(string name, string? scope, bool check, bool accept, Session session, CancellationToken cancellationToken)
    {
        var result = Load(session, name, scope)[^1];
        var now = session.Services.Clock.Anchor().UtcNs;
        var inTime = result.ValidUntil is null || string.CompareOrdinal(Orchestrator.Reconciliation.Reconciler.Utc(now), result.ValidUntil) <= 0;
        var changes = check ? await ChangesAsync(name, result, accept, session, cancellationToken).ConfigureAwait(false) : null;
        var valid = inTime && changes is null or { Count: 0 };
        var document = (JsonObject)JsonSerializer.SerializeToNode(result, ResultsJson.Options)!;
        document["valid"] = valid;
        document["fingerprint_changes"] = changes is null ? null : new JsonArray([.. changes.Select(change => (JsonNode)change)]);
        session.Show(document, text =>
        {
            BaselineText.Write(text, result);
            text.WriteLine(inTime ? $"it counts until {result.ValidUntil ?? "it is measured anew"}" : $"it is too old: it counted until {result.ValidUntil}");
            foreach (var change in changes ?? [])
                text.WriteLine(Failures.Plain($"it does not hold for the machine as it is: {change}"));
        });
        return valid ? ExitCode.Success : ExitCode.NotValid;
    }

    private static async Task<IReadOnlyList<string>> ChangesAsync(
        string name, BaselineResult result, bool accept, Session session, CancellationToken cancellationToken)
    {
        var target = session.Services.OpenTarget(session.Rig, ClockCommand.Find(session.Rig, name), accept);
        await using (target.ConfigureAwait(false))
        {
            var machine = await TargetFingerprint.ReadAsync(target, cancellationToken).ConfigureAwait(false);
            return FingerprintChanges.Of(result.Machine, machine.Parts);
        }
    }
}
