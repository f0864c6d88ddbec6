using System.Net;
using System.Net.Sockets;
using System.Text;

using MeterLab.VirtualRig.Wires;

namespace MeterLab.MeterDrivers.Tests.Scpi;

/// <summary>
/// An instrument that answers lines with what a test writes, on loopback or on a pseudo terminal: null is silence, and <c>\u0004</c> at the end hangs up (TCP).
/// </summary>
internal sealed class FakeInstrument : IAsyncDisposable
{
    private readonly TcpListener? _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, string?> _answer;
    private readonly Task _work;

    public FakeInstrument(Func<string, string?> answer, bool serial = false)
    {
        _answer = answer;
        if (serial)
        {
            Pty = Pty.Open();
            _work = ServeAsync(Pty.ReadAsync, async (bytes, token) => await Pty.WriteAsync(bytes, token));
            return;
        }

        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        _work = AcceptAsync(_listener);
    }

    public int Port => ((IPEndPoint)_listener!.LocalEndpoint).Port;

    public Pty? Pty { get; }

    public List<string> Heard { get; } = [];

    /// <summary>An answer to everything that a profile may ask, from a list.</summary>
    public static Func<string, string?> Script(params (string Question, string Answer)[] lines) =>
        question => lines.FirstOrDefault(line => line.Question.Equals(question, StringComparison.OrdinalIgnoreCase)).Answer;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener?.Stop();
        Pty?.Dispose();
        try
        {
            await _work;
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
        }

        _stop.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        while (true)
        {
            using var client = await listener.AcceptTcpClientAsync(_stop.Token);
            var stream = client.GetStream();
            try
            {
                await ServeAsync(stream.ReadAsync, stream.WriteAsync);
            }
            catch (IOException)
            {
                // The client went.
            }
        }
    }

    private async Task ServeAsync(Func<Memory<byte>, CancellationToken, ValueTask<int>> read, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write)
    {
        var buffer = new byte[1024];
        var line = new StringBuilder();
        while (await read(buffer, _stop.Token) is > 0 and var count)
        {
            foreach (var next in buffer.AsSpan(0, count).ToArray())
            {
                if (next != '\n')
                {
                    line.Append((char)next);
                    continue;
                }

                var question = line.ToString().TrimEnd('\r');
                line.Clear();
                lock (Heard)
                    Heard.Add(question);
                if (_answer(question) is not { } answer)
                    continue;
                var ends = answer.EndsWith('\u0004');
                await write(Encoding.Latin1.GetBytes(ends ? answer[..^1] : answer.EndsWith('\u0005') ? answer[..^1] : answer + "\n"), _stop.Token);
                if (ends)
                    return;
            }
        }
    }
}
