using System.CommandLine;

namespace MeterLab.Cli.Hosting;

/// <summary>What a command does; returns the exit code.</summary>
internal delegate Task<int> CommandAction(ParseResult arguments, Session session, CancellationToken cancellationToken);

/// <summary>Gives commands their session. One command line, one host.</summary>
internal sealed class CommandHost(Terminal terminal, Func<Composition> compose, GlobalOptions options)
{
    /// <summary>A command that shows something: takes <c>--json</c>.</summary>
    public Command Reading(Command command, CommandAction action)
    {
        var json = new Option<bool>("--json") { Description = "one JSON document on standard output" };
        command.Add(json);
        return Attach(command, json, action);
    }

    /// <summary>A command that does something.</summary>
    public Command Acting(Command command, CommandAction action) => Attach(command, null, action);

    private Command Attach(Command command, Option<bool>? json, CommandAction action)
    {
        command.SetAction(async (parse, cancellationToken) =>
        {
            var session = new Session(
                terminal, compose, parse.GetValue(options.Rig), parse.GetValue(options.Database), json is not null && parse.GetValue(json));
            await using (session.ConfigureAwait(false))
                return await action(parse, session, cancellationToken).ConfigureAwait(false);
        });
        return command;
    }

    /// <summary>The words that lead to a command: <c>meter read</c>.</summary>
    public static string PathOf(Symbol symbol) =>
        symbol.Parents.FirstOrDefault() is { } parent and not RootCommand ? $"{PathOf(parent)} {symbol.Name}" : symbol.Name;
}
