using System.Globalization;

namespace MeterLab.Fuzz;

/// <summary>
/// The long attack on every decoder: <c>dotnet run -c Release --project tests/Fuzz -- --frames 10000000 [--seed N] [--target NAME]</c>. Prints a line a decoder and ends
/// with 1 where one of them did not stand.
/// </summary>
internal static class Program
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    private static int Main(string[] arguments)
    {
        var frames = 10_000_000L;
        var seed = 1;
        string? only = null;
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            var understood = arguments[i] switch
            {
                "--frames" => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out frames) && frames > 0,
                "--seed" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seed),
                "--target" => (only = value).Length > 0,
                _ => false,
            };
            if (!understood)
                return Usage();
        }

        var targets = FuzzTargets.Create().Where(target => only is null || target.Name == only).ToArray();
        return targets.Length == 0 ? Usage() : Run(targets, frames, seed);
    }

    private static int Run(FuzzTarget[] targets, long frames, int seed)
    {
        var failed = 0;
        foreach (var target in targets)
        {
            var result = FuzzRun.Attack(target, frames, seed, Longest);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Name,-20} {result.Frames} frames, {result.Accepted} accepted, {result.Refused} refused with a declared exception, {result.Seconds:0.0} s, {result.BytesAFrame:0} B a frame, slowest {result.SlowestSeconds * 1000:0.0} ms, growth {result.GrowthBytes / 1024} KiB: {result.Problem ?? "sound"}"));
            if (result.Problem is not null)
                failed++;
        }

        Console.WriteLine($"{targets.Length - failed} sound, {failed} not");
        return failed == 0 ? 0 : 1;
    }

    private static int Usage()
    {
        Console.Error.WriteLine($"usage: fuzz [--frames N] [--seed N] [--target {string.Join('|', FuzzTargets.Create().Select(target => target.Name))}]");
        return 2;
    }
}
