using System.CommandLine;

using MeterLab.Cli.Hosting;
using MeterLab.Measurement;
using MeterLab.Orchestrator.Campaigns;
using MeterLab.Storage;
using MeterLab.Storage.Campaigns;

namespace MeterLab.Cli.Commands;

/// <summary>
/// <c>run exclude</c>, <c>run include</c> and <c>run note</c>: what a person has to say of a run, with the author. Raw data stays, and so
/// does every earlier result: the campaign's arithmetic is done again, and the new result stands beside them.
/// </summary>
internal static class RunCommands
{
    /// <summary>Builds <c>run exclude RUN --reason TEXT</c>.</summary>
    public static Command BuildExclude(CommandHost host) => WithReason(
        host, new Command("exclude", "takes a run out of every summary, by hand; raw data stays"), NoteKind.Exclude);

    /// <summary>Builds <c>run include RUN --reason TEXT</c>.</summary>
    public static Command BuildInclude(CommandHost host) => WithReason(
        host, new Command("include", "takes an excluded run in again"), NoteKind.Include);

    /// <summary>Builds <c>run note RUN TEXT</c>.</summary>
    public static Command BuildNote(CommandHost host)
    {
        var text = new Argument<string>("TEXT") { Description = "what there is to say" };
        return Build(host, new Command("note", "a note on a run"), text, arguments => arguments.GetRequiredValue(text), NoteKind.Note);
    }

    private static Command WithReason(CommandHost host, Command command, NoteKind kind)
    {
        var reason = new Option<string>("--reason") { Description = "why", HelpName = "TEXT", Required = true };
        return Build(host, command, reason, arguments => arguments.GetRequiredValue(reason), kind);
    }

    private static Command Build(CommandHost host, Command command, Symbol words, Func<ParseResult, string> textOf, NoteKind kind)
    {
        var run = new Argument<string>("RUN") { Description = "a run's id: the campaign's id, a dot, the run's name" };
        var author = new Option<string?>("--author") { Description = "who says so (default: this account's name)", HelpName = "NAME" };
        command.Add(run);
        if (words is Option option)
            command.Add(option);
        else
            command.Add((Argument)words);
        command.Add(author);
        return host.Acting(command, (arguments, session, _) => Task.FromResult(
            Say(session, arguments.GetRequiredValue(run), kind, arguments.GetValue(author) ?? Environment.UserName, textOf(arguments))));
    }

    private static int Say(Session session, string runId, NoteKind kind, string author, string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw new ConfigurationException("an empty text says nothing; write why");
        using var store = Store.OpenExisting(session.StorePath, session.Services.StoreOptions);
        var run = store.Runs.Get(runId);
        if (kind == NoteKind.Include && !store.Notes.ExcludedIn(run.Campaign).ContainsKey(run.Id))
            throw new ConfigurationException($"{run.Id} is not excluded; there is nothing to take in again");
        store.Notes.Add(run.Id, kind, author, text);
        var results = new CampaignRunner(session.Services.Lab(store, progress: null)).Conclude(run.Campaign);
        session.Note($"{run.Id}: noted; {results.Runs.Count(r => r.Valid)} of {results.Runs.Count} runs of {run.Campaign} are valid now");
        return ExitCode.Success;
    }
}
