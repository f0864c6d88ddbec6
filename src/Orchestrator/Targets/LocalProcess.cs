using System.ComponentModel;
using System.Diagnostics;

namespace MeterLab.Orchestrator.Targets;

/// <summary>A process of this machine in a session of its own, so that it can be killed with everything it started.</summary>
internal sealed class LocalProcess : IShellProcess
{
    private readonly Process _process;

    private LocalProcess(Process process)
    {
        _process = process;
        Input = process.StandardInput.BaseStream;
        Output = process.StandardOutput.BaseStream;
        Error = process.StandardError.BaseStream;
    }

    /// <inheritdoc/>
    public Stream Input { get; }

    /// <inheritdoc/>
    public Stream Output { get; }

    /// <inheritdoc/>
    public Stream Error { get; }

    /// <summary>Starts it. Throws <see cref="TargetException"/> where this machine has no setsid.</summary>
    public static LocalProcess Start(ShellTarget target, IReadOnlyList<string> words, string? home)
    {
        // A child of this process leads no group, so setsid does not fork and the process number stays.
        var start = new ProcessStartInfo("setsid")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var word in words)
            start.ArgumentList.Add(word);
        // A service may run without one, and every command begins there.
        if (home is not null)
            start.Environment["HOME"] = home;
        else if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("HOME")))
            start.Environment["HOME"] = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        try
        {
            return new LocalProcess(Process.Start(start)!);
        }
        catch (Win32Exception e)
        {
            throw target.Failure(TargetFailure.Command, $"no process can be started here ({e.Message}); is setsid (util-linux) installed?", e);
        }
    }

    /// <inheritdoc/>
    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
        return ValueTask.CompletedTask;
    }
}
