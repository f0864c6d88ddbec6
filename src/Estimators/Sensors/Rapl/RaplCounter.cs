using System.Globalization;

using MeterLab.Measurement;

namespace MeterLab.Estimators.Sensors.Rapl;

/// <summary>
/// One zone's counter over a recording. A counter that starts again at its range is put right; a reading that failed, or that no machine
/// could have reached, is left out and never taken for that.
/// </summary>
internal static class RaplCounter
{
    // No domain draws more; a counter that is brought up to date rarely may jump by a little more than that at once.
    private const double MostW = 2000;
    private const double JumpJ = 2000;

    /// <summary>The readings that worked, s and J.</summary>
    public static IReadOnlyList<(double AtS, double Joules)> Values(SensorFile file, RaplZone zone)
    {
        var prefix = string.Create(CultureInfo.InvariantCulture, $"{zone.Number}=");
        var values = new List<(double, double)>();
        foreach (var reading in file.Readings)
        {
            var word = reading.Lines.SelectMany(line => line.Split(' ')).FirstOrDefault(text => text.StartsWith(prefix, StringComparison.Ordinal));
            if (word is not null && double.TryParse(word.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var microjoules))
                values.Add((reading.AtS, microjoules * 1e-6));
        }

        return values;
    }

    /// <summary>The energy from reading to reading.</summary>
    public static SensorTrack Track(RaplZone zone, IReadOnlyList<(double AtS, double Joules)> values, List<Finding> findings)
    {
        var track = new SensorTrack(zone.Component!);
        var (wraps, odd, resets, long_) = (0, 0, 0, 0);
        var before = 0;
        for (var i = 0; i < values.Count; i++)
        {
            if (i == 0)
            {
                track.Add(values[0].AtS, 0);
                continue;
            }

            if (Difference(zone, values[before], values[i]) is { } step)
            {
                wraps += step.Wrapped ? 1 : 0;
                // Within this time it may have gone round more than once.
                long_ += zone.RangeJ is { } range && (values[i].AtS - values[before].AtS) * MostW > range ? 1 : 0;
                track.Add(values[i].AtS, step.Joules);
            }
            else if (i + 1 < values.Count && Difference(zone, values[before], values[i + 1]) is not null)
            {
                // The next one goes on from the one before: this one was no value of the counter.
                odd++;
                continue;
            }
            else
            {
                resets++;
                track.AddAfterBreak(values[i].AtS);
            }

            before = i;
        }

        Tell(zone, wraps, odd, resets, long_, findings);
        return track;
    }

    /// <summary>Null where no machine could have used so much, or where it ran backwards and its range is not known.</summary>
    internal static (double Joules, bool Wrapped)? Difference(RaplZone zone, (double AtS, double Joules) from, (double AtS, double Joules) to)
    {
        var (joules, most) = (to.Joules - from.Joules, (MostW * (to.AtS - from.AtS)) + JumpJ);
        if (joules >= 0)
            return joules <= most ? (joules, false) : null;
        return zone.RangeJ is { } range && joules + range is >= 0 and var around && around <= most ? (around, true) : null;
    }

    private static void Tell(RaplZone zone, int wraps, int odd, int resets, int longGaps, List<Finding> findings)
    {
        if (wraps > 0)
            findings.Add(new Finding("counter-wrap", Severity.Note, string.Create(CultureInfo.InvariantCulture, $"{zone.Title}: the counter started again {wraps} times at {zone.RangeJ:0.###} J and was put right")));
        if (odd > 0)
            findings.Add(new Finding("failed-read", Severity.Warning, $"{zone.Title}: {odd} readings were no value that the counter can have had, and are left out"));
        if (resets > 0)
            findings.Add(new Finding("counter-reset", Severity.Warning, $"{zone.Title}: the counter began anew {resets} times other than at its range (sleep, or a processor taken out); what was used then is missing"));
        if (longGaps > 0)
            findings.Add(new Finding("wrap-ambiguous", Severity.Warning, $"{zone.Title}: {longGaps} times the next reading came so late that the counter may have gone round more than once"));
    }
}
