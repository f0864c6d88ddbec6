namespace MeterLab.Orchestrator.Targets;

/// <summary>Who keeps a target's clock, by its own account.</summary>
/// <param name="Source">chrony, timedatectl, or null where neither answers.</param>
/// <param name="Synchronised">Whether it says it is; null where it does not say.</param>
/// <param name="Detail">What it said, one line.</param>
public sealed record ClockStatus(string? Source, bool? Synchronised, string Detail)
{
    // chronyc -c tracking: comma separated; the last of its fields is the leap status, Normal when synchronised.
    private const string Script = """
        if said=$(chronyc -n -c tracking 2>/dev/null) && [ -n "$said" ]; then echo chrony; echo "$said"
        elif said=$(timedatectl show --property=NTPSynchronized --value 2>/dev/null) && [ -n "$said" ]; then echo timedatectl; echo "$said"
        fi
        """;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <summary>Asks the target, in one command. Throws <see cref="TargetException"/>.</summary>
    public static async Task<ClockStatus> ReadAsync(ITarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        var result = await target.RunAsync(["sh", "-c", Script], new CommandOptions(Deadline), cancellationToken).ConfigureAwait(false);
        return Parse(result.Output);
    }

    internal static ClockStatus Parse(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries) switch
        {
            ["chrony", var line, ..] => new ClockStatus("chrony", line.EndsWith(",Normal", StringComparison.Ordinal), line),
            ["timedatectl", var line, ..] => new ClockStatus("timedatectl", line == "yes", $"NTPSynchronized={line}"),
            _ => new ClockStatus(null, null, "no time service tells its state"),
        };
}
