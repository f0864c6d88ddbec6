using System.Globalization;
using System.Text.Json.Serialization;

using MeterLab.Measurement;

namespace MeterLab.Orchestrator.Targets;

/// <summary>Who keeps a target's clock, by its own account.</summary>
/// <param name="Source">chrony, timedatectl, ntpq, adjtimex, or null where none answers.</param>
/// <param name="Synchronised">Whether it says it is; null where it does not say.</param>
/// <param name="Detail">What it said, one line.</param>
public sealed record ClockStatus(string? Source, bool? Synchronised, string Detail)
{
    // chronyc -c tracking: comma separated; the last of its fields is the leap status, Normal when synchronised. ntpq's leap
    // indicator is 3 (leap_alarm) and adjtimex' bit 0x40 (STA_UNSYNC) set when it is not.
    private const string Script = """
        if said=$(chronyc -n -c tracking 2>/dev/null) && [ -n "$said" ]; then echo chrony; echo "$said"
        elif said=$(timedatectl show --property=NTPSynchronized --value 2>/dev/null) && [ -n "$said" ]; then echo timedatectl; echo "$said"
        elif said=$(ntpq -n -c 'rv 0 leap,stratum,offset' 2>/dev/null | tr '\n' ' ') && [ -n "$said" ]; then echo ntpq; echo "$said"
        elif said=$(adjtimex --print 2>/dev/null | tr '\n' ' ') && [ -n "$said" ]; then echo adjtimex; echo "$said"
        elif said=$(busybox adjtimex 2>/dev/null | tr '\n' ' ') && [ -n "$said" ]; then echo adjtimex; echo "$said"
        fi
        """;

    private const int Unsynchronised = 0x40;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <summary>What a person should read of it.</summary>
    [JsonIgnore]
    public Finding Finding => new(
        "clock-sync", Synchronised == false ? Severity.Warning : Severity.Note,
        Synchronised switch
        {
            true => $"its clock is synchronised, says {Source}",
            false => $"its clock is not synchronised, says {Source} ({Detail}); its offset is measured all the same",
            null => $"{Detail}; its offset is measured all the same",
        });

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
            ["ntpq", var line, ..] when Word(line, "leap=") is { } leap => new ClockStatus("ntpq", leap is not ("11" or "3" or "alarm" or "leap_alarm"), line.Trim()),
            ["adjtimex", var line, ..] when Word(line, "status:") is { } status => new ClockStatus("adjtimex", IsSynchronised(status), $"status {status}"),
            [var source, ..] => new ClockStatus(null, null, $"{source} answers and does not tell whether its clock is synchronised"),
            _ => new ClockStatus(null, null, "no time service tells its state"),
        };

    private static bool? IsSynchronised(string status) =>
        status.StartsWith("0x", StringComparison.Ordinal)
            ? int.TryParse(status[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) ? (hex & Unsynchronised) == 0 : null
            : int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (number & Unsynchronised) == 0 : null;

    private static string? Word(string line, string key)
    {
        var at = line.IndexOf(key, StringComparison.Ordinal);
        return at < 0 ? null : line[(at + key.Length)..].TrimStart().Split(' ', ',', '(')[0];
    }
}
