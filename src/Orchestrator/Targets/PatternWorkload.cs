using System.Globalization;
using System.Text;

namespace MeterLab.Orchestrator.Targets;

/// <summary>One edge of a load pattern as it really happened, on the target's clock.</summary>
/// <param name="Busy">Whether the load went up.</param>
/// <param name="BeforeNs">ns, just before the workers were signalled.</param>
/// <param name="AfterNs">ns, just after.</param>
public readonly record struct LoadEdge(bool Busy, long BeforeNs, long AfterNs);

/// <summary>
/// A binary load on a target's processors: a pattern that a meter's trace can be aligned by. Played by loadpattern.sh as a workload
/// like any other, so that its energy, stop and record are nothing special.
/// </summary>
/// <param name="Bits">A chip each, <c>1</c> busy and <c>0</c> idle.</param>
/// <param name="Chip">How long each lasts. Below 20 ms the shell's own start-up of <c>sleep</c> shows.</param>
/// <param name="Workers">Busy processes; one for each logical CPU is the fullest load.</param>
public sealed record PatternWorkload(string Bits, TimeSpan Chip, int Workers)
{
    private const int MaxEdgeBytes = 4 * 1024 * 1024;

    /// <summary>The workload that plays it. Throws <see cref="ArgumentException"/> for bits, a chip or a number of workers that cannot be.</summary>
    public WorkloadSpec ToSpec(string run, ClockHelper helper)
    {
        if (Bits.Length is 0 or > 10_000 || Bits.Any(bit => bit is not ('0' or '1')))
            throw new ArgumentException("a load pattern is 1 to 10000 bits of 0 and 1");
        if (Chip < TimeSpan.FromMilliseconds(1) || Chip > TimeSpan.FromMinutes(1))
            throw new ArgumentException("a chip of a load pattern lasts 1 ms to 60 s");
        if (Workers is < 1 or > 4096)
            throw new ArgumentException("a load pattern has 1 to 4096 workers");
        var chipNs = (Chip.Ticks * 100).ToString(CultureInfo.InvariantCulture);
        return new WorkloadSpec
        {
            Run = run,
            Helper = helper,
            Command = [.. helper.Shell, "./loadpattern.sh", "../clock.sh", "./edges", chipNs, Bits, Workers.ToString(CultureInfo.InvariantCulture)],
            Uploads = [new WorkloadUpload("loadpattern.sh", RunnerScripts.LoadPattern)],
            Timeout = Chip * Bits.Length * 1.5 + TimeSpan.FromSeconds(30),
        };
    }

    /// <summary>Fetches the edges of a pattern that was played. Throws <see cref="TargetException"/> where they make no sense.</summary>
    public static async Task<IReadOnlyList<LoadEdge>> FetchEdgesAsync(ITarget target, WorkloadRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(run);
        var bytes = await target.FetchAsync($"{run.StateDirectory}/work/edges", MaxEdgeBytes, cancellationToken).ConfigureAwait(false);
        try
        {
            return bytes is null ? [] : ParseEdges(Encoding.ASCII.GetString(bytes));
        }
        catch (FormatException e)
        {
            throw new TargetException(TargetFailure.Command, target.Name, $"the edges of the load pattern {run.Run} make no sense: {e.Message}");
        }
    }

    internal static IReadOnlyList<LoadEdge> ParseEdges(string text)
    {
        var edges = new List<LoadEdge>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ');
            if (words.Length != 3 || words[0] is not ("0" or "1")
                || !TargetClock.TryParse(words[1], out var before) || !TargetClock.TryParse(words[2], out var after))
                throw new FormatException($"the line '{line}' is not LEVEL BEFORE AFTER");
            edges.Add(new LoadEdge(words[0] == "1", before, after));
        }

        return edges;
    }
}
