using System.Diagnostics;

using MeterLab.Measurement;

namespace MeterLab.Fuzz;

/// <summary>What an attack on one decoder came to.</summary>
/// <param name="Name">The decoder.</param>
/// <param name="Frames">Frames fed.</param>
/// <param name="Accepted">Frames that it took for sound.</param>
/// <param name="Refused">Frames that it refused with a declared exception.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="BytesAFrame">What a frame allocated on the average.</param>
/// <param name="SlowestSeconds">The slowest frame.</param>
/// <param name="GrowthBytes">By how much the live heap was larger at the end than after the first tenth.</param>
/// <param name="Problem">What was wrong, with the frame in hexadecimal; null where nothing was.</param>
internal sealed record FuzzResult(
    string Name, long Frames, long Accepted, long Refused, double Seconds, double BytesAFrame, double SlowestSeconds, long GrowthBytes, string? Problem);

/// <summary>Feeds mutated frames to decoders and watches: only declared exceptions, no hang, no growth.</summary>
internal static class FuzzRun
{
    // A machine that is busy may stop a thread for a while; a decoder that loops does not come back at all.
    private const double SlowestAllowed = 5;
    private const long GrowthAllowed = 16 << 20;

    /// <summary>Runs one decoder for so many frames, or until the time is over.</summary>
    public static FuzzResult Attack(FuzzTarget target, long frames, int seed, TimeSpan longest)
    {
        var mutator = new Mutator(seed);
        var buffer = new byte[Mutator.Longest];
        long count = 0, accepted = 0, refused = 0, live = 0;
        var slowest = 0L;
        string? problem = null;
        var started = Stopwatch.GetTimestamp();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (; count < frames && problem is null; count++)
        {
            var length = mutator.Next(target.Corpus, buffer);
            var before = Stopwatch.GetTimestamp();
            try
            {
                if (target.Decode(buffer, length))
                    accepted++;
            }
            catch (MeterLabException)
            {
                refused++;
            }
#pragma warning disable CA1031 // every other exception is what is looked for
            catch (Exception e)
#pragma warning restore CA1031
            {
                problem = $"{e.GetType().Name}: {e.Message} at frame {count} of seed {seed}: {Convert.ToHexString(buffer.AsSpan(0, length))}\n{e.StackTrace}";
            }

            var now = Stopwatch.GetTimestamp();
            slowest = Math.Max(slowest, now - before);
            if (count == frames / 10)
                live = GC.GetTotalMemory(forceFullCollection: true);
            if ((count & 0xFFF) == 0 && Stopwatch.GetElapsedTime(started, now) > longest)
                break;
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var bytes = (double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / Math.Max(1, count);
        var growth = live == 0 ? 0 : GC.GetTotalMemory(forceFullCollection: true) - live;
        var slow = slowest / (double)Stopwatch.Frequency;
        problem ??= bytes > target.BytesAFrame ? $"{bytes:0} B a frame were allocated, {target.BytesAFrame} are allowed"
            : growth > GrowthAllowed ? $"the live heap grew by {growth} B"
            : slow > SlowestAllowed ? $"one frame took {slow:0.00} s"
            : accepted == 0 ? "no frame at all was accepted: the corpus is not what the decoder takes"
            : null;
        return new FuzzResult(target.Name, count, accepted, refused, seconds, bytes, slow, growth, problem);
    }
}
