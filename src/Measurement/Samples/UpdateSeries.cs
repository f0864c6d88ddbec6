using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Meters;

namespace MeterLab.Measurement.Samples;

/// <summary>
/// Turns what was read into what the meter measured: a meter that is polled faster than it updates shows each value several
/// times, and the polls between which it changed tell when it updated, to within a poll instead of within an update period.
/// </summary>
public static class UpdateSeries
{
    // A trace polled at least this often in an update period shows the meter's beat.
    private const double BeatRatio = 0.7;

    // No crystal is as wrong as this.
    private const double MostRateError = 1.5;

    /// <summary>
    /// The power series of a recorded trace. Samples must be in the order of their recording. The response's known delay is
    /// removed; its unknown part belongs to the lag.
    /// </summary>
    public static PowerSeries FromRaw(TraceDescription description, ReadOnlySpan<RawSample> samples)
    {
        ArgumentNullException.ThrowIfNull(description);
        var response = description.Response;
        var times = description.HasDeviceClock ? DeviceClock.ToLine(samples) : new long[samples.Length];
        var watts = new double[samples.Length];
        var flags = new SampleFlags[samples.Length];
        double bracket = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            ref readonly var sample = ref samples[i];
            if (!description.HasDeviceClock)
            {
                times[i] = sample.BeforeNs + (sample.AfterNs - sample.BeforeNs) / 2;
                bracket += sample.AfterNs - sample.BeforeNs;
            }

            watts[i] = description.Scale.ToValue(sample.Code);
            flags[i] = sample.Flags;
        }

        var meanBracketNs = samples.Length == 0 ? 0 : bracket / samples.Length;
        return FromReadings(times, watts, flags, response, description.IntervalSeconds, meanBracketNs, description.Resolution);
    }

    /// <summary>
    /// The power series of readings: instants of reading (ns on the line), values (W), flags (empty for none).
    /// </summary>
    /// <param name="readNs">When each value was read, ns.</param>
    /// <param name="watts">The values, W.</param>
    /// <param name="flags">Flags, or empty.</param>
    /// <param name="response">Period, window, delay.</param>
    /// <param name="intervalSeconds">The poll interval; 0 for a stream.</param>
    /// <param name="bracketNs">The mean length of the exchange, ns.</param>
    /// <param name="resolution">The smallest step, W.</param>
    public static PowerSeries FromReadings(
        ReadOnlySpan<long> readNs, ReadOnlySpan<double> watts, ReadOnlySpan<SampleFlags> flags, MeterResponse response,
        double intervalSeconds, double bracketNs, double resolution)
    {
        ArgumentNullException.ThrowIfNull(response);
        var delayNs = (long)Math.Round(response.DelaySeconds * 1e9);
        if (intervalSeconds <= 0 || intervalSeconds > BeatRatio * response.UpdatePeriodSeconds)
            return Single(readNs, watts, flags, response, intervalSeconds, bracketNs, resolution, delayNs);

        var updates = new UpdateFinder(response.UpdatePeriodSeconds, intervalSeconds);
        for (var i = 0; i < readNs.Length; i++)
            updates.Add(readNs[i], watts[i], flags.Length == 0 ? SampleFlags.None : flags[i]);
        var (ends, values, marks) = updates.Finish();
        for (var i = 0; i < ends.Count; i++)
            ends[i] -= delayNs;
        // An update happened somewhere between two polls: rectangular.
        var stamp = intervalSeconds * 1e9 / Math.Sqrt(12);
        return PowerSeries.Create(
            [.. ends], [.. values], [.. marks], response.UpdatePeriodSeconds, response.AveragingSeconds, response.Shape, stamp, resolution);
    }

    private static PowerSeries Single(
        ReadOnlySpan<long> readNs, ReadOnlySpan<double> watts, ReadOnlySpan<SampleFlags> flags, MeterResponse response,
        double intervalSeconds, double bracketNs, double resolution, long delayNs)
    {
        var (period, averaging) = Spacing(readNs, response, intervalSeconds);
        // Polled slower than it updates, a value is on average half an update period old when it is read.
        var age = intervalSeconds > 0 ? response.UpdatePeriodSeconds * 1e9 / 2 : 0;
        var ends = new long[readNs.Length];
        for (var i = 0; i < ends.Length; i++)
            ends[i] = readNs[i] - delayNs - (long)age;
        var stamp = Math.Sqrt((bracketNs * bracketNs + 4 * age * age) / 12);
        return PowerSeries.Create(ends, watts, flags, period, averaging, response.Shape, stamp, resolution);
    }

    // A stream runs at the rate of its own crystal and firmware, not at the data sheet's: the usual spacing is measured. Where a
    // value is nominally the mean over the whole period, it is so at the real rate too.
    private static (double Period, double Averaging) Spacing(ReadOnlySpan<long> readNs, MeterResponse response, double intervalSeconds)
    {
        if (intervalSeconds > 0 || readNs.Length < 3)
            return (Math.Max(intervalSeconds, response.UpdatePeriodSeconds), response.AveragingSeconds);
        var spacings = new long[readNs.Length - 1];
        for (var i = 0; i < spacings.Length; i++)
            spacings[i] = readNs[i + 1] - readNs[i];
        Array.Sort(spacings);
        var period = Math.Max(spacings[spacings.Length / 2] * 1e-9, 1e-9);
        // Far from the nominal rate it is no matter of a crystal: only some of the windows are in the trace, and the window stays what it is.
        var sameRate = period < MostRateError * response.UpdatePeriodSeconds;
        var contiguous = sameRate && response.AveragingSeconds >= 0.99 * response.UpdatePeriodSeconds;
        return (period, contiguous ? response.AveragingSeconds * period / response.UpdatePeriodSeconds : response.AveragingSeconds);
    }
}
