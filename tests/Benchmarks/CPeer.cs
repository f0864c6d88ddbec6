using System.Diagnostics;
using System.Globalization;

using MeterLab.TestKit;

namespace MeterLab.Benchmarks;

/// <summary>A C program of the repository, compiled at run time with <c>gcc -O2</c> into a folder of its own that goes with it.</summary>
internal sealed class CPeer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("meterlab-peer-").FullName;
    private readonly string _program;

    /// <summary>Compiles. Throws <see cref="InvalidOperationException"/>, saying what to install, where that does not work.</summary>
    /// <param name="source">The source's place below the repository's root.</param>
    /// <param name="libraries">What to link with: <c>-lmodbus</c>.</param>
    public CPeer(ReadOnlySpan<string> source, params IEnumerable<string> libraries)
    {
        _program = Path.Combine(_folder, Path.GetFileNameWithoutExtension(source[^1]));
        var file = RepositoryFiles.Path(source);
        try
        {
            Wait(Start("gcc", ["-O2", "-Wall", "-I/usr/include/modbus", "-o", _program, file, .. libraries]));
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            Directory.Delete(_folder, recursive: true);
            throw new InvalidOperationException($"{file} does not compile. Are gcc and libmodbus-dev installed? {e.Message}", e);
        }
    }

    /// <summary>Starts it; the caller ends it.</summary>
    public Process Start(IEnumerable<string> arguments, bool input = false) => Start(_program, arguments, input);

    /// <summary>Runs it to its end and returns the number that it prints.</summary>
    public double Measure(params IEnumerable<string> arguments) =>
        double.Parse(Wait(Start(_program, arguments)), NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>Reads the word behind <c>ready</c> that a server prints when it can be asked.</summary>
    public static string Ready(Process server)
    {
        var line = server.StandardOutput.ReadLine();
        return line?.StartsWith("ready ", StringComparison.Ordinal) == true
            ? line[6..].Trim()
            : throw new InvalidOperationException($"{server.StartInfo.FileName} did not start: {line}");
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Process Start(string program, IEnumerable<string> arguments, bool input = false) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardInput = input })
            ?? throw new InvalidOperationException($"{program} could not be started.");

    private static string Wait(Process process)
    {
        using (process)
        {
            // It prints a line at most, so that nothing stands in the pipe's way.
            if (!process.WaitForExit(Patience))
            {
                process.Kill();
                throw new InvalidOperationException($"{process.StartInfo.FileName} did not end within {Patience.TotalMinutes:0} minutes.");
            }

            var text = process.StandardOutput.ReadToEnd();
            return process.ExitCode == 0
                ? text
                : throw new InvalidOperationException($"{process.StartInfo.FileName} ended with {process.ExitCode}.");
        }
    }
}
