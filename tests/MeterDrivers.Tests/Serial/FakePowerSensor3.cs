using System.Diagnostics;

using MeterLab.VirtualRig.Wires;

namespace MeterLab.MeterDrivers.Tests.Serial;

/// <summary>A PowerSensor3 on a pseudo terminal: pair 1 an MLX10 and a 12 V divider, pair 2 the same, pairs 3 and 4 not in use.</summary>
internal sealed class FakePowerSensor3 : IAsyncDisposable
{
    private const int SpacingUs = 200;

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _gate = new();
    private bool _streaming;
    private bool _marker;
    private int _drop;
    private long _sets;

    public FakePowerSensor3(string? link = null)
    {
        Pty = Pty.Open(link);
        _loop = RunAsync(_stop.Token);
    }

    public Pty Pty { get; }

    public string Version { get; init; } = "F411-1.6.1\r\n";

    /// <summary>Agrees to a new configuration and keeps the old one.</summary>
    public bool Forgets { get; init; }

    /// <summary>Never tells that a new configuration is in its memory.</summary>
    public bool FallsSilent { get; init; }

    /// <summary>How often a whole configuration was written.</summary>
    public int Configurations { get; private set; }

    /// <summary>Levels by sensor. 10 A is 916 of an MLX10 at 1.65 V; 12 V is 338.</summary>
    public ushort[] Levels { get; } = [884, 338, 512, 338, 0, 0, 0, 0];

    public byte[] Records { get; } = [.. Record("MLX10", "PCIe", 1.65f, 0.12f, true), .. Record("div", "PCIe", 0, 0.0909f, true),
        .. Record("MLX10", "EPS", 1.65f, 0.12f, true), .. Record("div", "EPS", 0, 0.0909f, true),
        .. Record("", "", 0, 1, false), .. Record("", "", 0, 1, false), .. Record("", "", 0, 1, false), .. Record("", "", 0, 1, false)];

    public static byte[] Set(int stamp, ReadOnlySpan<ushort> levels, bool marker)
    {
        var bytes = new byte[18];
        Pair(bytes, 7, stamp, true);
        for (var i = 0; i < 8; i++)
            Pair(bytes.AsSpan(2 + 2 * i), i, levels[i], marker && i == 0);
        return bytes;
    }

    /// <summary>Takes so many bytes out of the stream, once.</summary>
    public void Drop(int bytes)
    {
        lock (_gate)
            _drop = bytes;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Pty.Dispose();
        try
        {
            await _loop;
        }
        catch (OperationCanceledException)
        {
        }

        _stop.Dispose();
    }

    public static byte[] Record(string type, string pair, float reference, float sensitivity, bool inUse)
    {
        var record = new byte[41];
        System.Text.Encoding.ASCII.GetBytes(type, record);
        System.Text.Encoding.ASCII.GetBytes(pair, record.AsSpan(16));
        BitConverter.GetBytes(reference).CopyTo(record, 32);
        BitConverter.GetBytes(sensitivity).CopyTo(record, 36);
        record[40] = inUse ? (byte)1 : (byte)0;
        return record;
    }

    private static void Pair(Span<byte> bytes, int sensor, int level, bool marker)
    {
        bytes[0] = (byte)(0x80 | sensor << 4 | level >> 6);
        bytes[1] = (byte)((marker ? 0x40 : 0) | level & 0x3F);
    }

    private Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(ObeyAsync(cancellationToken), StreamAsync(cancellationToken));

    private async Task ObeyAsync(CancellationToken cancellationToken)
    {
        var one = new byte[1];
        while (await Pty.ReadAsync(one, cancellationToken) > 0)
        {
            switch ((char)one[0])
            {
                case 'V':
                    await Pty.WriteAsync(System.Text.Encoding.ASCII.GetBytes(Version), cancellationToken);
                    break;
                case 'R':
                    for (var i = 0; i < 8; i++)
                    {
                        await Pty.WriteAsync(Records.AsMemory(41 * i, 41), cancellationToken);
                        await Pty.ReadAsync(one, cancellationToken);
                    }

                    await Pty.WriteAsync("D"u8.ToArray(), cancellationToken);
                    break;
                case 'W':
                    await TakeRecordsAsync(one, cancellationToken);
                    break;
                case 'S':
                    lock (_gate)
                        (_streaming, _sets) = (true, Due);
                    break;
                case 'T':
                    lock (_gate)
                        _streaming = false;
                    break;
                case 'M':
                    lock (_gate)
                        _marker = true;
                    break;
            }
        }
    }

    // S after each record; the memory is written at the end, and only then D.
    private async Task TakeRecordsAsync(byte[] one, CancellationToken cancellationToken)
    {
        var records = new byte[Records.Length];
        for (var i = 0; i < records.Length; i++)
        {
            if (await Pty.ReadAsync(one, cancellationToken) == 0)
                return;
            records[i] = one[0];
            if ((i + 1) % 41 == 0)
                await Pty.WriteAsync("S"u8.ToArray(), cancellationToken);
        }

        Configurations++;
        if (!Forgets)
            records.CopyTo(Records, 0);
        if (!FallsSilent)
            await Pty.WriteAsync("D"u8.ToArray(), cancellationToken);
    }

    private long Due => (long)(_clock.Elapsed.TotalMicroseconds / SpacingUs);

    private async Task StreamAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(2, cancellationToken);
            byte[] bytes;
            lock (_gate)
            {
                if (!_streaming)
                    continue;
                bytes = [.. Next().Skip(_drop)];
                if (bytes.Length > 0)
                    _drop = 0;
            }

            if (!await Pty.WriteAsync(bytes, cancellationToken))
                return;
        }
    }

    private List<byte> Next()
    {
        List<byte> bytes = [];
        for (var due = Math.Min(Due, _sets + 200); _sets < due; _sets++)
        {
            bytes.AddRange(Set((int)(_sets * SpacingUs & 0x3FF), Levels, _marker));
            _marker = false;
        }

        return bytes;
    }
}
