using System.CommandLine;

using MeterLab.Cli.Commands;
using MeterLab.Configuration;

namespace MeterLab.Cli.Hosting;

/// <summary>The command line: all commands of the contract, and what every one of them has in common.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command line and returns its exit code. Never throws.</summary>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> args, Terminal terminal, Func<Composition> compose, CancellationToken cancellationToken)
    {
        var options = new GlobalOptions();
        var verbose = false;
        try
        {
            // A token that begins with @ is a value like any other, not the name of a file with arguments.
            var parse = Build(terminal, compose, options).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            verbose = parse.GetValue(options.Verbose);
            if (parse.Errors.Count > 0 && parse.Action is not System.CommandLine.Help.HelpAction)
                return Usage(parse, terminal);
            var invocation = new InvocationConfiguration
            {
                Output = terminal.Output,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parse.InvokeAsync(invocation, cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // the last place that can turn a failure into words and an exit code
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Failures.Report(e, terminal, verbose, cancellationToken.IsCancellationRequested);
        }
    }

    /// <summary>The tree of commands.</summary>
    internal static RootCommand Build(Terminal terminal, Func<Composition> compose, GlobalOptions options)
    {
        var host = new CommandHost(terminal, compose, options);
        var root = new RootCommand("MeterLab tells how wrong software energy estimators are: on which machine, by how much, and how sure we are.");
        options.AddTo(root);
        foreach (var command in Catalogue.Commands(host))
            root.Add(command);
        return root;
    }

    private static int Usage(ParseResult parse, Terminal terminal)
    {
        var command = parse.CommandResult.Command;
        var path = command is RootCommand ? "meterlab" : $"meterlab {CommandHost.PathOf(command)}";
        // A group that got an unknown word: the nearest command says more than the parser's two complaints.
        var known = command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name).ToArray();
        var problem = known.Length > 0 && parse.UnmatchedTokens is [var word, ..]
            ? $"there is no command '{word}' here; {Nearest.Suggest(word, known)}"
            : string.Join(' ', parse.Errors.Select(error => error.Message).Distinct().Take(2));
        Failures.Write(terminal, $"{problem}\nusage: {path} --help");
        return ExitCode.Usage;
    }
}
