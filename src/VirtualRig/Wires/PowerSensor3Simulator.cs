using System.Buffers.Binary;

using MeterLab.Measurement.Clocks;
using MeterLab.VirtualRig.Faults;
using MeterLab.VirtualRig.Meters;

namespace MeterLab.VirtualRig.Wires;

/// <summary>
/// A PowerSensor3 on a pseudo terminal (nlesc-recruit/PowerSensor3, protocol of firmware 1.6.1): commands V R W S T X I M Q, and a stream
/// of 18-byte sets with a time stamp modulo 1024 us. Real boards make 17500 or 20000 sets a second; a lower rate keeps a virtual one
/// cheap and is legal for a reader, who must go by the time stamps. Above 976 sets a second the stamps are unambiguous.
/// </summary>
internal sealed class PowerSensor3Simulator : PluggedPty
{
    private const int SetLength = 18;
    private const int MostSetsAtOnce = 200;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(8);
    private static readonly TimeSpan HostPatience = TimeSpan.FromSeconds(2);
    private static readonly byte[] StopCode = [0xFF, 0x3F, 0xFF, 0x3F];
    private readonly IHostClock _clock;
    private readonly IReadOnlyList<AnalogPair> _pairs;
    private readonly double _setNs;
    private readonly double _clockRate;
    private readonly byte[] _records;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly long _bootNs;
    private volatile bool _streaming;
    private int _markers;
    private long _set;
    private uint _conversions;

    /// <summary>A device with up to four pairs; its crystal runs fast by <paramref name="clockError"/>.</summary>
    public PowerSensor3Simulator(
        string link, IHostClock clock, IReadOnlyList<AnalogPair> pairs, double setsPerSecond, double clockError, FaultGate gate, TimeProvider time)
        : base(link, gate, time)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pairs.Count, PowerSensor3Records.Sensors / 2);
        _clock = clock;
        _pairs = pairs;
        _clockRate = 1 + clockError;
        _setNs = 1e9 / setsPerSecond / _clockRate;
        _records = PowerSensor3Records.Of(pairs);
        _bootNs = clock.MonotonicNs;
    }

    /// <inheritdoc/>
    protected override async Task ServeAsync(Pty pty, CancellationToken cancellationToken)
    {
        using var unplugged = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _streaming = false;
        var commands = ObeyAsync(pty, unplugged.Token);
        var stream = StreamAsync(pty, unplugged.Token);
        await Task.WhenAny(commands, stream).ConfigureAwait(false);
        await unplugged.CancelAsync().ConfigureAwait(false);
        try
        {
            await Task.WhenAll(commands, stream).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Unplugged: the other half was told to stop.
        }
    }

    private async Task ObeyAsync(Pty pty, CancellationToken cancellationToken)
    {
        var one = new byte[1];
        while (await pty.ReadAsync(one, cancellationToken).ConfigureAwait(false) > 0)
        {
            switch ((char)one[0])
            {
                case 'V':
                    await SendAsync(pty, "F411-1.6.1\r\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
                    break;
                case 'R':
                    await TellRecordsAsync(pty, cancellationToken).ConfigureAwait(false);
                    break;
                case 'W':
                    await TakeRecordsAsync(pty, cancellationToken).ConfigureAwait(false);
                    break;
                case 'S':
                    StartStream();
                    break;
                case 'T':
                    _streaming = false;
                    break;
                case 'X':
                    _streaming = false;
                    await Task.Delay(TimeSpan.FromMilliseconds(100), Time, cancellationToken).ConfigureAwait(false);
                    await SendAsync(pty, StopCode, cancellationToken).ConfigureAwait(false);
                    break;
                case 'I':
                    StartStreamClock();
                    await SendAsync(pty, OneSet(), cancellationToken).ConfigureAwait(false);
                    break;
                case 'M':
                    Interlocked.Increment(ref _markers);
                    break;
                case 'Q':
                    var count = new byte[4];
                    BinaryPrimitives.WriteUInt32LittleEndian(count, Volatile.Read(ref _conversions));
                    await SendAsync(pty, count, cancellationToken).ConfigureAwait(false);
                    break;
            }
        }
    }

    private void StartStream()
    {
        _conversions = 0;
        StartStreamClock();
        _streaming = true;
    }

    /// <summary>Sets are made all the time; the first that is sent is the next one to come.</summary>
    private void StartStreamClock() => _set = (long)((_clock.MonotonicNs - _bootNs) / _setNs);

    private async Task StreamAsync(Pty pty, CancellationToken cancellationToken)
    {
        var buffer = new byte[MostSetsAtOnce * SetLength];
        using var timer = new PeriodicTimer(Beat, Time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!_streaming)
                continue;
            var due = (long)((_clock.MonotonicNs - _bootNs) / _setNs);
            // A host that does not read loses the oldest sets, as it does when the board's USB buffer is full.
            _set = Math.Max(_set, due - MostSetsAtOnce);
            var length = 0;
            while (_set < due)
            {
                WriteSet(buffer.AsSpan(length, SetLength));
                length += SetLength;
            }

            if (length == 0)
                continue;
            var fault = Gate.Next();
            if (fault is { Kind: FaultKind.Cut })
                return;
            if (fault is { Kind: FaultKind.Silence })
                continue;
            if (fault is { Kind: FaultKind.Delay })
                await Task.Delay(fault.Late, Time, cancellationToken).ConfigureAwait(false);
            length = FaultGate.Damage(fault, buffer.AsSpan(0, length), checksum: length - 1);
            await SendAsync(pty, buffer.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
        }
    }

    private byte[] OneSet()
    {
        var set = new byte[SetLength];
        WriteSet(set);
        return set;
    }

    private void WriteSet(Span<byte> bytes)
    {
        var from = _bootNs + (long)(_set * _setNs);
        var set = ++_set;
        var to = _bootNs + (long)(set * _setNs);
        Interlocked.Increment(ref _conversions);
        // The firmware stamps the end of the window, in microseconds of its own crystal.
        var micros = (long)((to - _bootNs) * _clockRate / 1000);
        WritePair(bytes, 7, (int)(micros & 0x3FF), marker: true);
        var marker = Volatile.Read(ref _markers) > 0;
        if (marker)
            Interlocked.Decrement(ref _markers);
        for (var pair = 0; pair < PowerSensor3Records.Sensors / 2; pair++)
        {
            var (current, voltage) = pair < _pairs.Count ? _pairs[pair].Sample(from, to, set) : (0, 0);
            WritePair(bytes[(2 + 4 * pair)..], 2 * pair, current, marker && pair == 0);
            WritePair(bytes[(4 + 4 * pair)..], 2 * pair + 1, voltage, marker: false);
        }
    }

    /// <summary>1 iii aaaa, 0 m bbbbbb: sensor, marker, level = aaaabbbbbb.</summary>
    private static void WritePair(Span<byte> bytes, int sensor, int level, bool marker)
    {
        bytes[0] = (byte)(0x80 | (sensor << 4) | (level >> 6));
        bytes[1] = (byte)((marker ? 0x40 : 0) | (level & 0x3F));
    }

    private async Task TellRecordsAsync(Pty pty, CancellationToken cancellationToken)
    {
        var any = new byte[1];
        for (var sensor = 0; sensor < PowerSensor3Records.Sensors; sensor++)
        {
            await SendAsync(pty, _records.AsMemory(sensor * PowerSensor3Records.Length, PowerSensor3Records.Length), cancellationToken)
                .ConfigureAwait(false);
            if (!await TakeAsync(pty, any, cancellationToken).ConfigureAwait(false))
                return;
        }

        await SendAsync(pty, "D"u8.ToArray(), cancellationToken).ConfigureAwait(false);
    }

    private async Task TakeRecordsAsync(Pty pty, CancellationToken cancellationToken)
    {
        var record = new byte[PowerSensor3Records.Length];
        for (var sensor = 0; sensor < PowerSensor3Records.Sensors; sensor++)
        {
            if (!await TakeAsync(pty, record, cancellationToken).ConfigureAwait(false))
                return;
            record.CopyTo(_records, sensor * PowerSensor3Records.Length);
            await SendAsync(pty, "S"u8.ToArray(), cancellationToken).ConfigureAwait(false);
        }

        await SendAsync(pty, "D"u8.ToArray(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Fills the buffer; false where the host keeps the device waiting for two seconds, which resets it.</summary>
    private async Task<bool> TakeAsync(Pty pty, Memory<byte> bytes, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(HostPatience, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            for (var have = 0; have < bytes.Length;)
            {
                var got = await pty.ReadAsync(bytes[have..], either.Token).ConfigureAwait(false);
                if (got == 0)
                    return false;
                have += got;
            }

            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task SendAsync(Pty pty, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // False means unplugged: the reading half ends by itself.
            await pty.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }
}
