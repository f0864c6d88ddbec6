using MeterLab.VirtualRig.Faults;

namespace MeterLab.VirtualRig.Wires;

/// <summary>
/// An RS-485 bus of Modbus RTU units behind one adapter (Modbus over serial line V1.02). Takes the time that the bytes would take on
/// a real line; answers nothing to a frame with a wrong CRC, to a broadcast and to units that are not there.
/// </summary>
internal sealed class ModbusRtuServer(string link, ModbusSlave slave, int baud, FaultGate gate, TimeProvider time)
    : PluggedPty(link, gate, time)
{
    private const int LongestFrame = 256;
    private static readonly TimeSpan Turnaround = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Broken = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc/>
    protected override async Task ServeAsync(Pty pty, CancellationToken cancellationToken)
    {
        var request = new byte[LongestFrame];
        var reply = new byte[LongestFrame];
        var have = 0;
        while (true)
        {
            var got = await ReceiveAsync(pty, request, have, cancellationToken).ConfigureAwait(false);
            if (got == 0)
                return;
            have = got < 0 ? 0 : have + got;
            if (got < 0 || have < FrameLength(request.AsSpan(0, have)) && have < LongestFrame)
                continue;
            var length = have;
            have = 0;
            var fault = Gate.Next();
            if (fault is { Kind: FaultKind.Cut })
                return;
            // The request was on the line this long; only now does the meter look.
            await Task.Delay(CharacterTime(length), Time, cancellationToken).ConfigureAwait(false);
            var answer = Answer(request.AsSpan(0, length), reply, fault);
            if (answer == 0 || fault is { Kind: FaultKind.Silence })
                continue;
            var late = fault is { Kind: FaultKind.Delay } ? fault.Late : TimeSpan.Zero;
            await Task.Delay(Turnaround + CharacterTime(3.5 + answer) + late, Time, cancellationToken).ConfigureAwait(false);
            answer = FaultGate.Damage(fault, reply.AsSpan(0, answer), checksum: answer - 1);
            if (!await pty.WriteAsync(reply.AsMemory(0, answer), cancellationToken).ConfigureAwait(false))
                return;
        }
    }

    /// <summary>
    /// More bytes of a frame; -1 where the silence in the middle of one lasted so long that it is broken (1.5 characters on a real line,
    /// more here, where the bytes come from a program).
    /// </summary>
    private async ValueTask<int> ReceiveAsync(Pty pty, byte[] request, int have, CancellationToken cancellationToken)
    {
        if (have == 0)
            return await pty.ReadAsync(request, cancellationToken).ConfigureAwait(false);
        using var silence = new CancellationTokenSource(Broken, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            return await pty.ReadAsync(request.AsMemory(have), either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return -1;
        }
    }

    /// <summary>The time of this many characters of ten bits (8N1).</summary>
    private TimeSpan CharacterTime(double characters) => TimeSpan.FromSeconds(characters * 10 / baud);

    /// <summary>How long a request is, from its function; the longest where that cannot be told yet.</summary>
    private static int FrameLength(ReadOnlySpan<byte> frame) => frame.Length < 2 ? LongestFrame : frame[1] switch
    {
        >= 1 and <= 6 => 8,
        7 or 11 or 12 or 17 => 4,
        15 or 16 => frame.Length < 7 ? LongestFrame : 9 + frame[6],
        // Of an unknown function only the silence after it tells the end; the first read is taken as the whole.
        _ => 4,
    };

    private int Answer(ReadOnlySpan<byte> request, Span<byte> reply, Fault? fault)
    {
        if (request.Length < 4 || Crc(request) != 0 || slave.Find(request[0]) is not { } unit)
            return 0;
        reply[0] = request[0];
        var length = 1 + ModbusSlave.Answer(unit, request[1..^2], reply[1..^2], fault);
        var crc = Crc(reply[..length]);
        reply[length] = (byte)crc;
        reply[length + 1] = (byte)(crc >> 8);
        return length + 2;
    }

    /// <summary>CRC-16/MODBUS, bit by bit; over a frame with its checksum it is 0.</summary>
    internal static ushort Crc(ReadOnlySpan<byte> bytes)
    {
        ushort crc = 0xFFFF;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (ushort)((crc & 1) != 0 ? (crc >> 1) ^ 0xA001 : crc >> 1);
        }

        return crc;
    }
}
