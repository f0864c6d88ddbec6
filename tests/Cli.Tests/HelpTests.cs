using System.CommandLine;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Tests.Support;

namespace MeterLab.Cli.Tests;

public sealed class HelpTests
{
    [Fact]
    public async Task Help_lists_what_works_and_nothing_else()
    {
        var root = await CommandRun.OfAsync("--help");
        var meter = await CommandRun.OfAsync("meter", "--help");
        var store = await CommandRun.OfAsync("store", "--help");

        Assert.Equal((0, 0, 0), (root.ExitCode, meter.ExitCode, store.ExitCode));
        Assert.Contains("  init <DIR>", root.Output, StringComparison.Ordinal);
        Assert.Contains("--rig", root.Output, StringComparison.Ordinal);
        Assert.Contains("  read <URI>", meter.Output, StringComparison.Ordinal);
        Assert.Contains("  baseline", root.Output, StringComparison.Ordinal);
        Assert.Contains("  prune", store.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_visible_command_has_a_description_and_answers_its_own_help()
    {
        foreach (var (path, command) in Visible(Tree(), []))
        {
            Assert.False(string.IsNullOrWhiteSpace(command.Description), string.Join(' ', path));
            foreach (var symbol in command.Arguments.Cast<Symbol>().Concat(command.Options))
                Assert.False(string.IsNullOrWhiteSpace(symbol.Description), $"{string.Join(' ', path)} {symbol.Name}");
            var run = await CommandRun.OfAsync([.. path, "--help"]);
            Assert.Equal((0, ""), (run.ExitCode, run.Error));
        }
    }

    [Fact]
    public async Task The_version_is_one_line()
    {
        var run = await CommandRun.OfAsync("--version");

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("0.1.0", run.Output, StringComparison.Ordinal);
    }

    private static RootCommand Tree() =>
        CommandLine.Build(new Terminal(TextWriter.Null, TextWriter.Null), () => new Composition(), new GlobalOptions());

    private static IEnumerable<(string[] Path, Command Command)> Visible(Command parent, string[] path)
    {
        foreach (var command in parent.Subcommands.Where(command => !command.Hidden))
        {
            string[] own = [.. path, command.Name];
            yield return (own, command);
            foreach (var deeper in Visible(command, own))
                yield return deeper;
        }
    }
}
