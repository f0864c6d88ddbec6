using System.Text;

using MeterLab.Measurement.Clocks;

using Renci.SshNet.Common;

namespace MeterLab.Orchestrator.Targets;

/// <summary>
/// A target with a POSIX shell. Everything but starting a program is the same on this machine and on one far away, and is done
/// here: deadlines, killing, bounded output, files.
/// </summary>
public abstract class ShellTarget : ITarget
{
    private const int MaxText = 1024 * 1024;
    private static readonly TimeSpan KillDeadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FileDeadline = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan OpenDeadline = TimeSpan.FromSeconds(30);

    private readonly IHostClock _clock;
    private readonly TimeProvider _time;

    private protected ShellTarget(string name, IHostClock clock, TimeProvider time)
    {
        Name = name;
        _clock = clock;
        _time = time;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public abstract string Description { get; }

    /// <inheritdoc/>
    public ClockHelper? ClockHelper => null;

    private protected TimeProvider Time => _time;

    /// <inheritdoc/>
    public async Task<CommandResult> RunAsync(
        IReadOnlyList<string> command, CommandOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(options);
        var raw = await ExecuteAsync(command, options, MaxText, cancellationToken).ConfigureAwait(false);
        return new CommandResult(raw.ExitCode, Text(raw.Output, raw.OutputLost), Text(raw.Error, raw.ErrorLost));
    }

    /// <inheritdoc/>
    public async Task<ITargetChannel> OpenChannelAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        var envelope = new CommandEnvelope(command, options: null);
        using var deadline = new CancellationTokenSource(OpenDeadline, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var process = await StartAsync(envelope.Words, either.Token).ConfigureAwait(false);
            return await LineChannel.OpenAsync(this, process, envelope, _clock, _time, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Abandon();
            throw Failure(TargetFailure.TimedOut, $"'{command[0]}' did not answer within {OpenDeadline.TotalSeconds:0} s of being started");
        }
    }

    /// <inheritdoc/>
    public async Task UploadAsync(ReadOnlyMemory<byte> content, string path, int mode, CancellationToken cancellationToken)
    {
        const string Script = """umask 077; cat >"$1.part" && chmod "$2" "$1.part" && mv -f "$1.part" "$1" """;
        CheckPath(path);
        ArgumentOutOfRangeException.ThrowIfNegative(mode);
        var octal = Convert.ToString(mode & 0xFFF, 8);
        var raw = await ExecuteAsync(
            ["sh", "-c", Script, "upload", path, octal], new CommandOptions(FileDeadline, content), MaxText, cancellationToken)
            .ConfigureAwait(false);
        if (raw.ExitCode != 0)
            throw Failure(TargetFailure.Command, $"the file {path} cannot be written: {Text(raw.Error, 0).Trim()}");
    }

    /// <inheritdoc/>
    public async Task<byte[]?> FetchAsync(string path, long maxBytes, CancellationToken cancellationToken)
    {
        const int Missing = 44;
        const string Script = """[ -e "$1" ] || exit 44; head -c "$2" <"$1" """;
        CheckPath(path);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBytes);
        var limit = (maxBytes + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var raw = await ExecuteAsync(
            ["sh", "-c", Script, "fetch", path, limit], new CommandOptions(FileDeadline), maxBytes + 1, cancellationToken)
            .ConfigureAwait(false);
        return raw.ExitCode switch
        {
            Missing => null,
            0 when raw.Output.Length > maxBytes =>
                throw Failure(TargetFailure.Command, $"the file {path} is larger than the {maxBytes} bytes allowed for it"),
            0 => raw.Output,
            _ => throw Failure(TargetFailure.Command, $"the file {path} cannot be read: {Text(raw.Error, 0).Trim()}"),
        };
    }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>Starts a program. Throws <see cref="TargetException"/> where the target cannot be reached.</summary>
    private protected abstract Task<IShellProcess> StartAsync(IReadOnlyList<string> words, CancellationToken cancellationToken);

    /// <summary>The target has stopped answering: what is used next must begin anew.</summary>
    private protected virtual void Abandon()
    {
    }

    internal TargetException Failure(TargetFailure failure, string message, Exception? inner = null) => new(failure, Name, message, inner);

    /// <summary>Whether an exception is a stream's or a library's way to say that the other side has gone.</summary>
    internal static bool IsBreak(Exception e) => e is IOException or System.Net.Sockets.SocketException or ObjectDisposedException or SshException;

    internal async Task KillAsync(int processId)
    {
        // The program leads a session and group of its own, on either transport.
        var number = processId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        try
        {
            await using var process = await StartAsync(
                ["sh", "-c", """kill -s KILL -- "-$1" || kill -s KILL "$1" """, "kill", number], CancellationToken.None)
                .WaitAsync(KillDeadline, _time).ConfigureAwait(false);
            await process.WaitAsync(CancellationToken.None).WaitAsync(KillDeadline, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A target that does not even run kill is not answering; the caller is about to say so.
            Abandon();
        }
        catch (TargetException)
        {
            // The same: the connection that would carry the signal is gone.
        }
    }

    private async Task<RawResult> ExecuteAsync(
        IReadOnlyList<string> command, CommandOptions options, long maxBytes, CancellationToken cancellationToken)
    {
        var envelope = new CommandEnvelope(command, options);
        var output = new BoundedCapture(maxBytes + CommandEnvelope.MaxNoise);
        var error = new BoundedCapture(MaxText + CommandEnvelope.MaxNoise);
        using var deadline = new CancellationTokenSource(options.Deadline, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await using var process = await StartAsync(envelope.Words, either.Token).ConfigureAwait(false);
            try
            {
                var code = await FollowAsync(process, options.Input, output, error, either.Token).ConfigureAwait(false);
                return Result(envelope, command, options, code, output, error, maxBytes);
            }
            catch (OperationCanceledException)
            {
                if (envelope.TryOpen(output.ToArray(), out var processId, out _))
                    await KillAsync(processId).ConfigureAwait(false);
                throw;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            if (!envelope.TryOpen(output.ToArray(), out _, out _))
                Abandon();
            throw Failure(
                TargetFailure.TimedOut, $"'{command[0]}' did not end within {options.Deadline.TotalSeconds:0.###} s and was killed");
        }
        catch (Exception e) when (IsBreak(e))
        {
            throw Failure(TargetFailure.Disconnected, $"the connection broke while '{command[0]}' was running: {e.Message}", e);
        }
    }

    private static async Task<int> FollowAsync(
        IShellProcess process, ReadOnlyMemory<byte>? input, BoundedCapture output, BoundedCapture error, CancellationToken cancellationToken)
    {
        // WaitAsync on each: a transport whose reads do not listen to the token must not outlive the deadline.
        var writing = WriteAsync(process.Input, input, cancellationToken);
        await Task.WhenAll(
            output.ReadAsync(process.Output, cancellationToken), error.ReadAsync(process.Error, cancellationToken))
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        var code = await process.WaitAsync(cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        await writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        return code;
    }

    private static async Task WriteAsync(Stream stream, ReadOnlyMemory<byte>? input, CancellationToken cancellationToken)
    {
        try
        {
            if (input is { Length: > 0 } bytes)
            {
                await stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
                await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            }

            await stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (IsBreak(e) || e is InvalidOperationException)
        {
            // A program may end without reading its input; what matters is how it ended. SSH.NET calls a channel that the other side has just
            // closed an invalid operation.
        }
    }

    private RawResult Result(
        CommandEnvelope envelope, IReadOnlyList<string> command, CommandOptions options, int code,
        BoundedCapture output, BoundedCapture error, long maxBytes)
    {
        var (outBytes, errBytes) = (output.ToArray(), error.ToArray());
        if (!envelope.TryOpen(outBytes, out _, out var outStart) || !envelope.TryOpen(errBytes, out _, out var errStart))
        {
            var said = Text([.. outBytes, .. errBytes], 0).Trim();
            throw Failure(
                TargetFailure.Command,
                $"the login shell did not run '{command[0]}' (exit {code}); it said: {(said.Length == 0 ? "nothing" : said[..Math.Min(300, said.Length)])}\n"
                + "The account needs a POSIX shell and no forced command.");
        }

        if (code == 126 && envelope.SaysNoFolder(errBytes.AsSpan(errStart)))
            throw Failure(TargetFailure.Command, $"the folder {options.WorkingDirectory ?? "of the account"} cannot be entered");
        var (kept, lost) = Cut(outBytes.AsSpan(outStart), output.Lost, maxBytes);
        var (keptError, lostError) = Cut(errBytes.AsSpan(errStart), error.Lost, MaxText);
        return new RawResult(code, kept, lost, keptError, lostError);
    }

    private static (byte[] Kept, long Lost) Cut(ReadOnlySpan<byte> bytes, long lost, long limit) =>
        bytes.Length <= limit ? (bytes.ToArray(), lost) : (bytes[..(int)limit].ToArray(), lost + bytes.Length - limit);

    private static string Text(ReadOnlySpan<byte> bytes, long lost) =>
        lost == 0 ? Encoding.UTF8.GetString(bytes) : $"{Encoding.UTF8.GetString(bytes)}\n[cut: {lost} bytes more]";

    private static void CheckPath(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        // A leading hyphen would be an option to chmod and mv.
        if (path.StartsWith('-'))
            throw new ArgumentException($"the path '{path}' begins with a hyphen; write ./{path}", nameof(path));
    }

    private readonly record struct RawResult(int ExitCode, byte[] Output, long OutputLost, byte[] Error, long ErrorLost);
}
