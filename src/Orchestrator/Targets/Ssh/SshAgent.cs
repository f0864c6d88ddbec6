using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

using Renci.SshNet;
using Renci.SshNet.Security;

namespace MeterLab.Orchestrator.Targets;

/// <summary>
/// The running SSH agent (draft-ietf-sshm-ssh-agent): lists keys and lets it sign. Private keys stay in it.
/// </summary>
internal static class SshAgent
{
    private const byte RequestIdentities = 11;
    private const byte IdentitiesAnswer = 12;
    private const byte SignRequest = 13;
    private const byte SignResponse = 14;
    private const uint RsaSha512 = 4;
    private const int MaxMessage = 256 * 1024;
    private const int TimeoutMs = 30_000;

    /// <summary>Whether one is announced.</summary>
    public static bool IsThere => Socket is not null;

    private static string? Socket => Environment.GetEnvironmentVariable("SSH_AUTH_SOCK") is { Length: > 0 } path && File.Exists(path) ? path : null;

    /// <summary>Its keys; none where no agent answers.</summary>
    public static IReadOnlyList<AgentKey> Keys()
    {
        if (Socket is null)
            return [];
        try
        {
            var answer = new Reader(Ask([RequestIdentities]));
            if (answer.Byte() != IdentitiesAnswer)
                return [];
            var keys = new List<AgentKey>();
            for (var left = answer.Number(); left > 0; left--)
            {
                var blob = answer.Text();
                keys.Add(new AgentKey(blob, Encoding.UTF8.GetString(answer.Text())));
            }

            return keys;
        }
        catch (Exception e) when (e is IOException or SocketException or ArgumentOutOfRangeException)
        {
            // An agent that has gone away, or does not speak the protocol, has no keys.
            return [];
        }
    }

    /// <summary>Has the agent sign. Throws <see cref="IOException"/> where it refuses.</summary>
    public static byte[] Sign(byte[] blob, byte[] data, bool rsa)
    {
        using var request = new MemoryStream();
        request.WriteByte(SignRequest);
        Write(request, blob);
        Write(request, data);
        Span<byte> flags = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(flags, rsa ? RsaSha512 : 0);
        request.Write(flags);
        var answer = new Reader(Ask(request.ToArray()));
        return answer.Byte() == SignResponse ? answer.Text() : throw new IOException("the SSH agent refused to sign");
    }

    private static byte[] Ask(byte[] message)
    {
        using var socket = new System.Net.Sockets.Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.SendTimeout = socket.ReceiveTimeout = TimeoutMs;
        socket.Connect(new UnixDomainSocketEndPoint(Socket ?? throw new IOException("the SSH agent has gone away")));
        using var stream = new NetworkStream(socket);
        Write(stream, message);
        var length = new byte[4];
        stream.ReadExactly(length);
        var size = BinaryPrimitives.ReadUInt32BigEndian(length);
        var answer = size <= MaxMessage ? new byte[size] : throw new IOException("the SSH agent's answer is too long");
        stream.ReadExactly(answer);
        return answer;
    }

    private static void Write(Stream stream, byte[] text)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(length, (uint)text.Length);
        stream.Write(length);
        stream.Write(text);
    }

    private sealed class Reader(byte[] bytes)
    {
        private int _at;

        public byte Byte() => bytes.AsSpan(_at++, 1)[0];

        public uint Number()
        {
            var number = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(_at, 4));
            _at += 4;
            return number;
        }

        public byte[] Text()
        {
            var length = checked((int)Math.Min(Number(), int.MaxValue));
            var text = bytes.AsSpan(_at, length).ToArray();
            _at += length;
            return text;
        }
    }
}

/// <summary>A key that only the agent can use.</summary>
internal sealed class AgentKey(byte[] blob, string comment) : IPrivateKeySource
{
    /// <summary>What its owner called it.</summary>
    public string Comment { get; } = comment;

    /// <inheritdoc/>
    public IReadOnlyCollection<HostAlgorithm> HostKeyAlgorithms { get; } = [new Signer(blob)];

    // RSA keys sign with SHA-512 under a name that is not the key's; SHA-1 is never asked for.
    private sealed class Signer(byte[] blob)
        : HostAlgorithm(KnownHosts.TypeOf(blob) is "ssh-rsa" ? "rsa-sha2-512" : KnownHosts.TypeOf(blob))
    {
        public override byte[] Data => blob;

        public override byte[] Sign(byte[] data) => SshAgent.Sign(blob, data, Name == "rsa-sha2-512");

        public override bool VerifySignature(byte[] data, byte[] signature) =>
            throw new NotSupportedException("an agent's key signs; it does not verify");
    }
}
