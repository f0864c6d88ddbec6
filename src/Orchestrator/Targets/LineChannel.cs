using System.Text;
using System.Threading.Channels;

using MeterLab.Measurement.Clocks;

namespace MeterLab.Orchestrator.Targets;

/// <summary>
/// Lines over the streams of a program. A thread of its own does nothing but read and stamp, so that the closing bracket does not
/// wait for the thread pool. A missed deadline ends the channel: a late answer must never pass for the next one.
/// </summary>
internal sealed class LineChannel : ITargetChannel
{
    private const int MaxLine = 64 * 1024;

    private readonly ShellTarget _target;
    private readonly IShellProcess _process;
    private readonly IHostClock _clock;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Channel<(string Line, long AfterNs)> _lines =
        Channel.CreateBounded<(string, long)>(new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly BoundedCapture _error = new(4096 + CommandEnvelope.MaxNoise);
    private int _processId;
    private string? _broken;
    private bool _disposed;

    private LineChannel(ShellTarget target, IShellProcess process, IHostClock clock, TimeProvider time)
    {
        _target = target;
        _process = process;
        _clock = clock;
        _time = time;
    }

    /// <summary>Takes over a process just started and waits for its envelope's mark.</summary>
    public static async Task<LineChannel> OpenAsync(
        ShellTarget target, IShellProcess process, CommandEnvelope envelope, IHostClock clock, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var channel = new LineChannel(target, process, clock, time);
        try
        {
            new Thread(channel.ReadLines) { IsBackground = true, Name = $"lines of {target.Name}" }.Start();
            _ = channel.ReadErrorAsync();
            while (channel._processId == 0)
            {
                // Start-up files may print first; only the mark counts.
                var (line, _) = await channel.NextAsync(cancellationToken).ConfigureAwait(false);
                if (envelope.TryOpen(Encoding.UTF8.GetBytes(line + "\n"), out var processId, out _))
                    channel._processId = processId;
            }

            return channel;
        }
        catch
        {
            await channel.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<ChannelReply> ExchangeAsync(string line, TimeSpan deadline, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(line);
        if (line.Contains('\n', StringComparison.Ordinal))
            throw new ArgumentException("one line at a time", nameof(line));
        var bytes = Encoding.UTF8.GetBytes(line + "\n");
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_broken is not null)
                throw _target.Failure(TargetFailure.Disconnected, $"the channel was closed: {_broken}");
            return await ExchangeAsync(bytes, deadline, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TargetException or OperationCanceledException)
        {
            _broken ??= e.Message;
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        _broken ??= "it was closed on this side";
        try
        {
            await _process.Input.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (ShellTarget.IsBreak(e))
        {
            // Closing what the other side has closed already.
        }

        await _process.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<ChannelReply> ExchangeAsync(byte[] request, TimeSpan deadline, CancellationToken cancellationToken)
    {
        if (_lines.Reader.TryRead(out var stray))
            throw _target.Failure(TargetFailure.Command, $"the helper spoke without being asked: '{Shorten(stray.Line)}'");
        using var late = new CancellationTokenSource(deadline, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            var before = _clock.MonotonicNs;
            _process.Input.Write(request);
            _process.Input.Flush();
            var (line, after) = await NextAsync(either.Token).ConfigureAwait(false);
            return new ChannelReply(line, before, after);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw _target.Failure(
                TargetFailure.TimedOut, $"no answer within {deadline.TotalSeconds:0.###} s; the machine or the link has stopped answering");
        }
        catch (Exception e) when (ShellTarget.IsBreak(e))
        {
            throw _target.Failure(TargetFailure.Disconnected, $"the channel broke: {e.Message}", e);
        }
    }

    private async Task<(string Line, long AfterNs)> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _lines.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException e)
        {
            var said = Encoding.UTF8.GetString(_error.ToArray()).Trim().Split('\n')[^1];
            throw _target.Failure(
                TargetFailure.Disconnected,
                $"the helper ended or the connection broke{(e.InnerException is { } inner ? $" ({inner.Message})" : "")}; last words: '{Shorten(said)}'", e);
        }
    }

    private void ReadLines()
    {
        var buffer = new byte[4096];
        using var line = new MemoryStream();
        Exception? failure = null;
        try
        {
            int count;
            while ((count = _process.Output.Read(buffer, 0, buffer.Length)) > 0)
            {
                var after = _clock.MonotonicNs;
                Collect(buffer.AsSpan(0, count), line, after);
            }
        }
        // The thread's last act is to hand the failure to whoever waits for a line.
        catch (Exception e) when (ShellTarget.IsBreak(e))
        {
            failure = e;
        }

        _lines.Writer.TryComplete(failure);
    }

    private void Collect(ReadOnlySpan<byte> bytes, MemoryStream line, long after)
    {
        int end;
        while ((end = bytes.IndexOf((byte)'\n')) >= 0)
        {
            line.Write(bytes[..end]);
            _lines.Writer.TryWrite((Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length), after));
            line.SetLength(0);
            bytes = bytes[(end + 1)..];
        }

        if (line.Length + bytes.Length > MaxLine)
            throw new IOException($"a line of more than {MaxLine} bytes");
        line.Write(bytes);
    }

    private async Task ReadErrorAsync()
    {
        try
        {
            await _error.ReadAsync(_process.Error, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (ShellTarget.IsBreak(e))
        {
            // Standard error is only quoted in failures; that it closed is not one.
        }
    }

    private static string Shorten(string text) => text.Length <= 200 ? text : text[..200] + "…";
}
