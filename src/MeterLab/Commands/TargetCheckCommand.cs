using System.CommandLine;

using MeterLab.Cli.Hosting;
using MeterLab.Measurement;
using MeterLab.Orchestrator.Reconciliation;
using MeterLab.Orchestrator.Reports;
using MeterLab.Orchestrator.Targets;

namespace MeterLab.Cli.Commands;

/// <summary><c>target check NAME</c>: reach, host key, tools, clock, fingerprint.</summary>
internal static class TargetCheckCommand
{
    private sealed record Document(
        string Target, string Reached, bool Passed, string? ClockHelper, string? Fingerprint, string? System, string? Kernel, string? Machine,
        string? Cpu, int? LogicalCpus, long? MemoryBytes, string? Governor, string? BootId, IReadOnlyList<FindingRow> Findings);

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandHost host)
    {
        var name = ClockCommand.TargetArgument();
        var accept = ClockCommand.AcceptOption();
        return host.Reading(
            new Command("check", "reach, host key, tools, clock and fingerprint of a target") { name, accept },
            (arguments, session, cancellationToken) =>
                RunAsync(arguments.GetRequiredValue(name), arguments.GetValue(accept), session, cancellationToken));
    }

    private static async Task<int> RunAsync(string name, bool accept, Session session, CancellationToken cancellationToken)
    {
        var target = session.Services.OpenTarget(session.Rig, ClockCommand.Find(session.Rig, name), accept);
        await using (target.ConfigureAwait(false))
        {
            var result = await TargetCheck.RunAsync(target, cancellationToken).ConfigureAwait(false);
            var passed = result.Findings.All(finding => finding.Severity != Severity.Invalid);
            var machine = result.Fingerprint;
            var document = new Document(
                name, result.Reached, passed, result.Helper?.Name, machine?.Hash, machine?.System, machine?.Kernel, machine?.Machine, machine?.Cpu,
                machine?.LogicalCpus, machine?.MemoryBytes, machine?.Governor, machine?.BootId, [.. result.Findings.Select(FindingRows.Of)]);
            session.Show(document, text =>
                CheckDocument.WriteTable(text, [.. result.Findings.Select(finding => CheckRow.Of($"target {name}", finding))]));
            return passed ? ExitCode.Success : ExitCode.Failed;
        }
    }
}
