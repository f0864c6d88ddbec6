using System.Net;
using System.Net.Sockets;

namespace MeterLab.MeterDrivers.Tests.Snmp;

/// <summary>An agent on loopback whose answers a test writes: for each question the datagrams to send back, with pauses before them.</summary>
internal sealed class UdpAgent : IAsyncDisposable
{
    private readonly UdpClient _socket;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;

    public UdpAgent(Func<byte[], int, IReadOnlyList<(int DelayMs, byte[] Datagram)>> answer, int port = 0)
    {
        _socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, port));
        _work = ServeAsync(answer);
    }

    public int Port => ((IPEndPoint)_socket.Client.LocalEndPoint!).Port;

    /// <summary>The answer of an honest agent to a GET: the same message as a response with these values (their whole encodings).</summary>
    public static byte[] Answer(byte[] question, params byte[][] values)
    {
        // The version, three bytes; the community; the operation.
        var version = LengthOfHead(question);
        var operation = OperationAt(question);
        var pdu = question.AsSpan(operation);
        var number = pdu.Slice(LengthOfHead(pdu.ToArray()), 6).ToArray();
        var names = Names(question);
        byte[] bindings = [.. names.Zip(values).SelectMany(pair => Element(0x30, [.. pair.First, .. pair.Second]))];
        return Element(0x30, [.. question.AsSpan(version, operation - version), .. Element(0xA2, [.. number, 2, 1, 0, 2, 1, 0, .. Element(0x30, bindings)])]);
    }

    /// <summary>Where in a message its operation stands: 0xA0 is a GET.</summary>
    public static int OperationAt(byte[] message)
    {
        var community = LengthOfHead(message) + 3;
        return community + 2 + message[community + 1];
    }

    public static byte[] Element(byte tag, byte[] content) => content.Length < 128
        ? [tag, (byte)content.Length, .. content]
        : [tag, 0x82, (byte)(content.Length >> 8), (byte)content.Length, .. content];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _socket.Dispose();
        _stop.Dispose();
    }

    private static int LengthOfHead(byte[] element) => element[1] >= 0x80 ? 2 + (element[1] & 0x7F) : 2;

    // Every object of the tests is below 1.3.6.1.4.1: found by those bytes.
    private static List<byte[]> Names(byte[] question)
    {
        var names = new List<byte[]>();
        for (var i = 0; i + 7 < question.Length; i++)
        {
            if (question[i] == 6 && question.AsSpan(i + 2, 3).SequenceEqual(new byte[] { 0x2B, 6, 1 }))
                names.Add(question.AsSpan(i, 2 + question[i + 1]).ToArray());
        }

        return names;
    }

    private async Task ServeAsync(Func<byte[], int, IReadOnlyList<(int DelayMs, byte[] Datagram)>> answer)
    {
        try
        {
            for (var count = 0; ; count++)
            {
                var question = await _socket.ReceiveAsync(_stop.Token);
                foreach (var (delay, datagram) in answer(question.Buffer, count))
                {
                    await Task.Delay(delay, _stop.Token);
                    await _socket.SendAsync(datagram, question.RemoteEndPoint, _stop.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
