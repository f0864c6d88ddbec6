using MeterLab.VirtualRig.Faults;

namespace MeterLab.VirtualRig.Wires;

/// <summary>
/// A serial device on a pseudo terminal that can be unplugged and plugged in again under the same path, as /dev/ttyACM0 is.
/// The device's own loop runs in a task of its own until disposed; one plugging in is one call of it.
/// </summary>
internal abstract class PluggedPty : IAsyncDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);
    private readonly CancellationTokenSource _stop = new();
    private readonly string _link;
    private Pty _pty;
    private Task? _loop;

    /// <summary>Creates the terminal; <paramref name="link"/> is the path by which drivers open it.</summary>
    protected PluggedPty(string link, FaultGate gate, TimeProvider time)
    {
        _link = link;
        Gate = gate;
        Time = time;
        _pty = Pty.Open(link);
    }

    /// <summary>The path that a driver opens.</summary>
    public string Path => _link;

    /// <summary>The script's view of this wire.</summary>
    protected FaultGate Gate { get; }

    /// <summary>Delays.</summary>
    protected TimeProvider Time { get; }

    /// <summary>Switches the device on.</summary>
    public void Start() => _loop ??= RunAsync(_stop.Token);

    /// <summary>Switches it off and takes it away.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_loop is not null)
            await _loop.ConfigureAwait(false);
        _pty.Dispose();
        _stop.Dispose();
    }

    /// <summary>The device's life from plugging in until it returns, which unplugs it.</summary>
    protected abstract Task ServeAsync(Pty pty, CancellationToken cancellationToken);

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await ServeAsync(_pty, cancellationToken).ConfigureAwait(false);
                _pty.HangUp();
                do
                    await Task.Delay(LookAgain, Time, cancellationToken).ConfigureAwait(false);
                while (Gate.IsCut());
                _pty = Pty.Open(_link);
            }
        }
        catch (OperationCanceledException)
        {
            // The rig is being taken down.
        }
    }
}
