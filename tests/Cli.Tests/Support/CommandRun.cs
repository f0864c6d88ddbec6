using System.Text.Json;

using MeterLab.Cli.Hosting;

namespace MeterLab.Cli.Tests.Support;

/// <summary>One command line run in this process, with what it wrote.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Standard output as the one JSON document that it must be.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public static async Task<CommandRun> OfAsync(params string[] args) => await OfAsync(TestContext.Current.CancellationToken, args);

    public static async Task<CommandRun> OfAsync(CancellationToken cancellationToken, params string[] args)
    {
        var output = new StringWriter { NewLine = "\n" };
        var error = new StringWriter { NewLine = "\n" };
        var code = await CommandLine.RunAsync(args, new Terminal(output, error), () => new Composition(openers: [new FakeOpener()]), cancellationToken);
        return new CommandRun(code, output.ToString(), error.ToString());
    }
}
