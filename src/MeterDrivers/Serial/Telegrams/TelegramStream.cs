using System.Runtime.CompilerServices;

using MeterLab.MeterDrivers.Fields;

namespace MeterLab.MeterDrivers.Serial.Telegrams;

/// <summary>The telegrams of an open line, one after another, each with its bracket. Never waits longer than the protocol may be silent.</summary>
internal sealed class TelegramStream(TelegramPort port, TelegramProtocol protocol, TimeSpan character, MeterEnvironment environment)
{
    private readonly ITelegramDecoder _decoder = protocol.CreateDecoder();
    private readonly byte[] _buffer = new byte[4096];
    private readonly double _characterNs = character.TotalNanoseconds;
    private int _taken;
    private int _received;
    private int _damaged;

    /// <summary>The last telegram's values.</summary>
    public ReadOnlySpan<FieldCode> Values => _decoder.Values;

    /// <summary>When its first byte was sent at the latest, ns on the lab's line.</summary>
    public long BeforeNs { get; private set; }

    /// <summary>When its last byte had arrived.</summary>
    public long AfterNs { get; private set; }

    /// <summary>Damaged telegrams since this was last asked.</summary>
    public int TakeDamaged() => Interlocked.Exchange(ref _damaged, 0);

    /// <summary>Forgets what has arrived already.</summary>
    public async ValueTask SkipWaitingAsync(CancellationToken cancellationToken)
    {
        (_taken, _received) = (0, 0);
        _decoder.Reset();
        while (await port.ReadAsync(_buffer, TimeSpan.FromMilliseconds(1), cancellationToken).ConfigureAwait(false) == _buffer.Length)
        {
            // A line that was not read for long has more than one buffer full waiting.
        }
    }

    /// <summary>Waits for the next sound telegram. Throws <see cref="LinkException"/> where none comes in time.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask NextAsync(CancellationToken cancellationToken)
    {
        var clock = environment.Clock;
        var deadline = clock.MonotonicNs + (long)protocol.Silence.TotalNanoseconds;
        var damaged = 0;
        while (true)
        {
            while (_taken < _received)
            {
                switch (Decode())
                {
                    case TelegramVerdict.Telegram:
                        return;
                    case TelegramVerdict.Damaged:
                        Interlocked.Increment(ref _damaged);
                        damaged++;
                        break;
                }
            }

            var left = deadline - clock.MonotonicNs;
            var begun = _decoder.HasBegun;
            var count = left > 0 ? await port.ReadAsync(_buffer, TimeSpan.FromMicroseconds(left / 1e3), cancellationToken).ConfigureAwait(false) : 0;
            if (count == 0)
                throw Silent(damaged, begun);
            (_taken, _received, AfterNs) = (0, count, clock.MonotonicNs);
            if (!begun)
                BeforeNs = AfterNs - (long)(count * _characterNs) - 1;
        }
    }

    private TelegramVerdict Decode()
    {
        ReadOnlySpan<byte> rest = _buffer.AsSpan(_taken, _received - _taken);
        var verdict = _decoder.TryNext(ref rest);
        _taken = _received - rest.Length;
        return verdict;
    }

    private LinkException Silent(int damaged, bool begun) => damaged > 0 || begun
        ? new LinkException(LinkFailure.Corrupt, $"{port.Name}: only damaged telegrams came within {protocol.Silence.TotalSeconds:0.#} s. Are baud rate, parity and polarity right?")
        : new LinkException(LinkFailure.TimedOut, $"{port.Name}: no telegram within {protocol.Silence.TotalSeconds:0.#} s. Is the meter on, and are model and baud rate right?");
}
