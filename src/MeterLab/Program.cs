using System.Runtime.InteropServices;

using MeterLab.Cli.Hosting;

namespace MeterLab.Cli;

/// <summary>The program <c>meterlab</c>.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        using var interrupt = new CancellationTokenSource();
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await RunAsync(args, Console.Out, Console.Error, interrupt.Token).ConfigureAwait(false);

        void Stop(PosixSignalContext context)
        {
            // The first signal ends the work in good order; a second one is left to end the process at once.
            context.Cancel = !interrupt.IsCancellationRequested;
            interrupt.Cancel();
        }
    }

    /// <summary>Runs one command line and returns its exit code. Never throws.</summary>
    internal static Task<int> RunAsync(
        IReadOnlyList<string> args, TextWriter output, TextWriter error, CancellationToken cancellationToken = default) =>
        CommandLine.RunAsync(args, new Terminal(output, error), () => new Composition(), cancellationToken);
}
