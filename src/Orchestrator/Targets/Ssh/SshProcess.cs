using Renci.SshNet;
using Renci.SshNet.Common;

namespace MeterLab.Orchestrator.Targets;

/// <summary>A program started over one exec channel.</summary>
internal sealed class SshProcess : IShellProcess
{
    private static readonly TimeSpan CloseDeadline = TimeSpan.FromSeconds(3);

    private static readonly Dictionary<string, int> Signals = new(StringComparer.Ordinal)
    {
        ["HUP"] = 1, ["INT"] = 2, ["QUIT"] = 3, ["ILL"] = 4, ["ABRT"] = 6, ["FPE"] = 8, ["KILL"] = 9, ["SEGV"] = 11,
        ["PIPE"] = 13, ["ALRM"] = 14, ["TERM"] = 15,
    };

    private readonly SshTarget _target;
    private readonly SshCommand _command;
    private readonly Task _running;

    private SshProcess(SshTarget target, SshCommand command, Task running)
    {
        _target = target;
        _command = command;
        _running = running;
        Input = InputOf(command);
    }

    /// <inheritdoc/>
    public Stream Input { get; }

    /// <inheritdoc/>
    public Stream Output => _command.OutputStream;

    /// <inheritdoc/>
    public Stream Error => _command.ExtendedOutputStream;

    /// <summary>Opens the channel and starts the program; blocks for a round trip.</summary>
    public static SshProcess Start(SshTarget target, SshClient client, IReadOnlyList<string> words)
    {
        // exec: the login shell, which leads the session that sshd made, becomes the program.
        var command = client.CreateCommand("exec " + ShellWords.Quote(words));
        command.CommandTimeout = Timeout.InfiniteTimeSpan;
        return new SshProcess(target, command, command.ExecuteAsync(CancellationToken.None));
    }

    private static Stream InputOf(SshCommand command)
    {
        try
        {
            return command.CreateInputStream();
        }
        catch (InvalidOperationException)
        {
            // The program was so quick that its channel is closed already; nobody is left to read.
            return Stream.Null;
        }
    }

    /// <inheritdoc/>
    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _running.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SshException or System.Net.Sockets.SocketException or ObjectDisposedException)
        {
            throw _target.Failure(TargetFailure.Disconnected, $"the connection broke: {e.Message}", e);
        }

        if (_command.ExitStatus is { } code)
            return code;
        return _command.ExitSignal is { } signal
            ? 128 + Signals.GetValueOrDefault(signal)
            : throw _target.Failure(TargetFailure.Disconnected, "the connection broke before the program's exit code came");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Closing waits for the other side's close, which a frozen one never sends.
        var closing = Task.Run(_command.Dispose);
        await Task.WhenAny(closing, Task.Delay(CloseDeadline)).ConfigureAwait(false);
        _ = _running.ContinueWith(
            static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }
}
