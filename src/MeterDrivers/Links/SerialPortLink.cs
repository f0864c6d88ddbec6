using System.IO.Ports;

namespace MeterLab.MeterDrivers.Links;

/// <summary>
/// A serial line through System.IO.Ports, for systems without a path of our own. After its first failure the port is closed
/// at once and never touched again: a later call on it may hang for ever.
/// </summary>
internal sealed class SerialPortLink : IByteLink
{
    private readonly SerialPort _port;
    private bool _dead;

    private SerialPortLink(SerialPort port) => _port = port;

    /// <inheritdoc/>
    public string Name => _port.PortName;

    internal static SerialPortLink Open(string path, SerialSettings settings)
    {
        var port = new SerialPort(path, settings.Baud, ParityOf(settings.Parity), settings.DataBits, settings.StopBits == 2 ? StopBits.Two : StopBits.One)
        {
            WriteTimeout = 1000,
        };
        try
        {
            port.Open();
            // A USB device may wait for its host's DTR; Linux raises it on opening, and a pty has none.
            if (!OperatingSystem.IsLinux())
                port.DtrEnable = true;
            port.DiscardInBuffer();
            return new SerialPortLink(port);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            port.Dispose();
            throw e switch
            {
                FileNotFoundException => new LinkException(LinkFailure.Unreachable, $"{path}: no such device. Is it plugged in?", e),
                UnauthorizedAccessException => new LinkException(
                    LinkFailure.Busy, $"{path}: another program holds this port, or this user may not open it. {e.Message}", e),
                _ => new LinkException(LinkFailure.Unreachable, $"{path} does not open: {e.Message}", e),
            };
        }
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_dead, this);
        try
        {
            await _port.BaseStream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsEnd(e))
        {
            throw Gone(e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_dead, this);
        try
        {
            var count = await _port.BaseStream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            return count > 0 ? count : throw Gone(null);
        }
        catch (Exception e) when (IsEnd(e))
        {
            throw Gone(e);
        }
    }

    /// <inheritdoc/>
    public void DiscardInput()
    {
        if (_dead)
            return;
        try
        {
            _port.DiscardInBuffer();
        }
        catch (Exception e) when (IsEnd(e))
        {
            throw Gone(e);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private static bool IsEnd(Exception e) => e is IOException or InvalidOperationException or TimeoutException or UnauthorizedAccessException;

    private LinkException Gone(Exception? cause)
    {
        Close();
        return new LinkException(LinkFailure.Closed, $"{Name}: the port went away. Was the device unplugged?", cause);
    }

    private void Close()
    {
        if (_dead)
            return;
        _dead = true;
        _port.Dispose();
    }

    private static Parity ParityOf(SerialParity parity) => parity switch
    {
        SerialParity.Even => Parity.Even,
        SerialParity.Odd => Parity.Odd,
        _ => Parity.None,
    };
}
