using MeterLab.Measurement;

namespace MeterLab.Cli.Hosting;

/// <summary>Turns whatever ended a command into an exit code and at most three lines on standard error.</summary>
internal static class Failures
{
    private const int MaxLines = 3;

    /// <summary>Says what happened, and returns the exit code that it means.</summary>
    public static int Report(Exception exception, Terminal terminal, bool verbose, bool interrupted)
    {
        var (code, message) = exception switch
        {
            OperationCanceledException when interrupted => (ExitCode.Interrupted, "interrupted"),
            ConfigurationException => (ExitCode.Usage, exception.Message),
            MeterLabException => (ExitCode.Failed, exception.Message),
            _ => (ExitCode.Failed, Unexpected(exception, verbose)),
        };
        Write(terminal, message);
        if (verbose && code != ExitCode.Interrupted)
            terminal.Error.WriteLine(exception.ToString());
        return code;
    }

    /// <summary>Writes a complaint in at most three lines, with nothing in it that a terminal would obey.</summary>
    public static void Write(Terminal terminal, string message)
    {
        var lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        for (var i = 0; i < Math.Min(lines.Length, MaxLines); i++)
            terminal.Error.WriteLine((i == 0 ? "meterlab: " : "  ") + Plain(lines[i]));
    }

    /// <summary>A text from a file or a device without control characters.</summary>
    public static string Plain(string text) => string.Create(text.Length, text, (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = char.IsControl(source[i]) ? '?' : source[i];
    });

    private static string Unexpected(Exception exception, bool verbose)
    {
        var what = $"unexpected: {exception.Message.Split('\n')[0]}";
        return verbose ? what : $"{what} (run again with --verbose for the details)";
    }
}
