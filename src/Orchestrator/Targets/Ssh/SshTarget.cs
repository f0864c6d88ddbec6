using System.Net.Sockets;

using MeterLab.Measurement.Clocks;

using Renci.SshNet.Common;

namespace MeterLab.Orchestrator.Targets;

/// <summary>
/// A machine reached over SSH. Needs sshd and a POSIX shell there, no SFTP. One connection is kept and opened again when it broke;
/// host keys are pinned or known, never trusted by default.
/// </summary>
public sealed class SshTarget : ShellTarget
{
    private readonly SshOptions _options;
    private readonly SshConnector _connector;
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private SshConnection? _connection;
    private bool _disposed;

    /// <summary>Creates the target; nothing is sent before the first use.</summary>
    public SshTarget(string name, SshOptions options, IHostClock clock, TimeProvider? time = null)
        : base(name, clock, time ?? TimeProvider.System)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _connector = new SshConnector(this, options);
    }

    /// <inheritdoc/>
    public override string Description => $"ssh {_options.Address}";

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        await _connecting.WaitAsync().ConfigureAwait(false);
        DropConnection();
        _connecting.Dispose();
    }

    private protected override async Task<IShellProcess> StartAsync(IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var connection = await ConnectedAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // The library opens a channel by blocking for a round trip; a frozen peer must not take the caller along.
            var starting = Task.Run(() => (IShellProcess)SshProcess.Start(this, connection.Client, words), CancellationToken.None);
            return await AbandonOnCancelAsync(starting, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SshException or SocketException or ObjectDisposedException or IOException)
        {
            throw Failure(TargetFailure.Disconnected, $"no program could be started, the connection is gone: {e.Message}", e);
        }
    }

    private protected override void Abandon() => DropConnection();

    private static async Task<IShellProcess> AbandonOnCancelAsync(Task<IShellProcess> starting, CancellationToken cancellationToken)
    {
        try
        {
            return await starting.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Should it start after all, it is closed again; should it fail, the failure has been reported as the deadline.
            _ = starting.ContinueWith(
                static async task =>
                {
                    if (task.IsCompletedSuccessfully)
                        await task.Result.DisposeAsync().ConfigureAwait(false);
                    else
                        _ = task.Exception;
                },
                CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            throw;
        }
    }

    private async Task<SshConnection> ConnectedAsync(CancellationToken cancellationToken)
    {
        await _connecting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_connection is { } open && open.Client.IsConnected)
                return open;
            DropConnection();
            return _connection = await _connector.ConnectAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _connecting.Release();
        }
    }

    // In the background: closing a frozen connection blocks until the library gives up.
    private void DropConnection()
    {
        if (Interlocked.Exchange(ref _connection, null) is { } connection)
            _ = Task.Run(connection.Dispose);
    }
}
