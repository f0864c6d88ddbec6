namespace MeterLab.Fuzz;

/// <summary>
/// Damages sound frames: flipped bits, bytes replaced, cut out, doubled and moved, frames cut short, run together or left as they are. Everything follows from the seed.
/// </summary>
internal sealed class Mutator(int seed)
{
    /// <summary>The longest frame that it makes.</summary>
    public const int Longest = 4096;

    private static readonly byte[] Interesting = [0, 1, 0x7F, 0x80, 0xFF, (byte)'/', (byte)'!', (byte)'\n', (byte)',', (byte)'#', (byte)'<', (byte)'>', (byte)'{', (byte)'"', (byte)'9', 0x1B, 0x1A, 0x30, 0x82];

    private readonly Random _random = new(seed);

    /// <summary>Makes the next frame in <paramref name="buffer"/> and returns its length.</summary>
    public int Next(IReadOnlyList<byte[]> corpus, byte[] buffer)
    {
        var length = Copy(corpus[_random.Next(corpus.Count)], buffer, 0);
        for (var rounds = _random.Next(5); rounds > 0; rounds--)
            length = Mutate(corpus, buffer, length);
        return length;
    }

    private int Mutate(IReadOnlyList<byte[]> corpus, byte[] buffer, int length)
    {
        var at = length == 0 ? 0 : _random.Next(length);
        switch (_random.Next(9))
        {
            case 0 when length > 0:
                buffer[at] ^= (byte)(1 << _random.Next(8));
                return length;
            case 1 when length > 0:
                buffer[at] = (byte)_random.Next(256);
                return length;
            case 2 when length > 0:
                buffer[at] = Interesting[_random.Next(Interesting.Length)];
                return length;
            case 3:
                return at;
            case 4:
                var cut = Math.Min(length - at, 1 + _random.Next(8));
                buffer.AsSpan(at + cut, length - at - cut).CopyTo(buffer.AsSpan(at));
                return length - cut;
            case 5:
                var more = Math.Min(Longest - length, 1 + _random.Next(8));
                buffer.AsSpan(at, length - at).CopyTo(buffer.AsSpan(at + more));
                _random.NextBytes(buffer.AsSpan(at, more));
                return length + more;
            case 6:
                return Copy(corpus[_random.Next(corpus.Count)], buffer, length);
            case 7 when length > 1:
                var from = _random.Next(length);
                buffer.AsSpan(from, Math.Min(length - Math.Max(from, at), 8)).CopyTo(buffer.AsSpan(at));
                return length;
            default:
                return length;
        }
    }

    private static int Copy(byte[] frame, byte[] buffer, int length)
    {
        var count = Math.Min(frame.Length, Longest - length);
        frame.AsSpan(0, count).CopyTo(buffer.AsSpan(length));
        return length + count;
    }
}
