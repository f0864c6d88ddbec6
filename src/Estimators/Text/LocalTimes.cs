using NodaTime;
using NodaTime.Text;

namespace MeterLab.Estimators.Text;

/// <summary>Times as estimators write them: local, without a zone. They are taken as UTC, which every launch sets.</summary>
internal static class LocalTimes
{
    private static readonly LocalDateTimePattern[] Patterns =
    [
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu-M-d'T'H:m:s.FFFFFFFFF"),
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu-M-d H:m:s.FFFFFFFFF"),
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu-M-d H:m:s,FFFFFFFFF"),
    ];

    private static readonly LocalDateTimePattern Written = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.FFFFFF");

    /// <summary>A date and time with blank or T between, padded or not, with or without a fraction; null where the text is none.</summary>
    public static LocalDateTime? Parse(string text)
    {
        foreach (var pattern in Patterns)
        {
            if (pattern.Parse(text) is { Success: true } parsed)
                return parsed.Value;
        }

        return null;
    }

    /// <summary>s since 1970, the local time taken as UTC.</summary>
    public static double AsUtcSeconds(LocalDateTime time) => (time.InUtc().ToInstant() - Instant.FromUnixTimeTicks(0)).TotalSeconds;

    /// <summary>The local time that <see cref="AsUtcSeconds"/> takes for this.</summary>
    public static string Write(double seconds) =>
        Written.Format(Instant.FromUnixTimeTicks(0).Plus(Duration.FromSeconds(Math.Round(seconds, 6))).InUtc().LocalDateTime);
}
