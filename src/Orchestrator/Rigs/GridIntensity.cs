namespace MeterLab.Orchestrator.Rigs;

/// <summary>
/// How much CO2 equivalent the electricity of a target stands for: one figure, or one an hour. It is applied to what meters and estimators
/// say alike; energies are what is compared.
/// </summary>
/// <param name="Source">Where the figures come from, for people.</param>
/// <param name="KgPerJoule">kg a joule at all times; null where it changes by the hour.</param>
/// <param name="Hours">By the hour, in rising order; empty where one figure holds.</param>
/// <param name="Year">The year that a mean is of; null where it is not a year's mean.</param>
public sealed record GridIntensity(string Source, double? KgPerJoule, IReadOnlyList<GridHour> Hours, int? Year = null)
{
    // The last figure holds no longer than the others.
    private const long HourS = 3600;

    /// <summary>
    /// kg a joule as the mean over a stretch of UTC (s since 1970); null where the figures do not cover all of it.
    /// </summary>
    public double? Mean(double fromS, double toS)
    {
        if (KgPerJoule is { } constant)
            return constant;
        var (sum, covered) = (0.0, 0.0);
        for (var i = 0; i < Hours.Count; i++)
        {
            var end = Hours[i].FromUtcS + HourS;
            if (i + 1 < Hours.Count)
                end = Math.Min(end, Hours[i + 1].FromUtcS);
            var inside = Math.Min(end, toS) - Math.Max(Hours[i].FromUtcS, fromS);
            if (inside <= 0)
                continue;
            sum += Hours[i].KgPerJoule * inside;
            covered += inside;
        }

        // Below what a time in double precision can tell.
        const double SlackS = 1e-3;
        return toS > fromS && covered >= toS - fromS - SlackS ? sum / covered : null;
    }
}
