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
        var (times, watts, flags, bracketNs) = Readings(description, samples);
        return Owned(times, watts, flags, description.Response, description.IntervalSeconds, bracketNs, description.Resolution);
    }

    /// <summary>
    /// The readings of a recorded energy register, one an update: when the register stood at each value (ns, the known delay removed), the
    /// value (J; not a number where the meter gave none), and the standard uncertainty of such a moment, ns.
    /// </summary>
    public static (long[] TimeNs, double[] Joules, double StampNs) RegisterFromRaw(TraceDescription description, ReadOnlySpan<RawSample> samples)
    {
        ArgumentNullException.ThrowIfNull(description);
        var (times, joules, flags, bracketNs) = Readings(description, samples);
        for (var i = 0; i < joules.Length; i++)
        {
            if ((flags[i] & SampleFlags.NotAvailable) != 0)
                joules[i] = double.NaN;
        }

        return RegisterFromReadings(times, joules, description.Response, description.IntervalSeconds, bracketNs);
    }

    /// <summary>See <see cref="RegisterFromRaw"/>.</summary>
    public static (long[] TimeNs, double[] Joules, double StampNs) RegisterFromReadings(
        ReadOnlySpan<long> readNs, ReadOnlySpan<double> joules, MeterResponse response, double intervalSeconds, double bracketNs)
    {
        ArgumentNullException.ThrowIfNull(response);
        var delayNs = (long)Math.Round(response.DelaySeconds * 1e9);
        if (intervalSeconds > 0 && intervalSeconds <= BeatRatio * response.UpdatePeriodSeconds)
        {
            var updates = new UpdateFinder(response.UpdatePeriodSeconds, intervalSeconds);
            for (var i = 0; i < readNs.Length; i++)
            {
                if (double.IsFinite(joules[i]))
                    updates.Add(readNs[i], joules[i], SampleFlags.None);
            }

            var (ends, values, _) = updates.Finish();
            return ([.. ends.Select(ns => ns - delayNs)], [.. values], intervalSeconds * 1e9 / Math.Sqrt(12));
        }

        var age = intervalSeconds > 0 ? response.UpdatePeriodSeconds * 1e9 / 2 : 0;
        var times = readNs.ToArray();
        for (var i = 0; i < times.Length; i++)
            times[i] -= delayNs + (long)age;
        return (times, joules.ToArray(), Math.Sqrt((bracketNs * bracketNs + 4 * age * age) / 12));
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
        return Owned(
            readNs.ToArray(), watts.ToArray(), flags.Length == 0 ? new SampleFlags[readNs.Length] : flags.ToArray(), response, intervalSeconds, bracketNs, resolution);
    }

    // The arrays become the series' own where every reading is a value of its own.
    private static PowerSeries Owned(
        long[] readNs, double[] watts, SampleFlags[] flags, MeterResponse response, double intervalSeconds, double bracketNs, double resolution)
    {
        var delayNs = (long)Math.Round(response.DelaySeconds * 1e9);
        if (intervalSeconds <= 0 || intervalSeconds > BeatRatio * response.UpdatePeriodSeconds)
            return Single(readNs, watts, flags, response, intervalSeconds, bracketNs, resolution, delayNs);

        var updates = new UpdateFinder(response.UpdatePeriodSeconds, intervalSeconds);
        for (var i = 0; i < readNs.Length; i++)
            updates.Add(readNs[i], watts[i], flags[i]);
        var (ends, values, marks) = updates.Finish();
        for (var i = 0; i < ends.Count; i++)
            ends[i] -= delayNs;
        // An update happened somewhere between two polls: rectangular.
        var stamp = intervalSeconds * 1e9 / Math.Sqrt(12);
        return PowerSeries.Adopt(
            [.. ends], [.. values], [.. marks], response.UpdatePeriodSeconds, response.AveragingSeconds, response.Shape, stamp, resolution);
    }

    // When each value was read (the middle of its bracket, or the meter's own stamp on the line), and the mean length of a bracket.
    private static (long[] Times, double[] Values, SampleFlags[] Flags, double BracketNs) Readings(TraceDescription description, ReadOnlySpan<RawSample> samples)
    {
        var device = description.HasDeviceClock ? DeviceClock.Fit(samples) : null;
        var times = device?.LineNs ?? new long[samples.Length];
        var values = new double[samples.Length];
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

            values[i] = description.Scale.ToValue(sample.Code);
            flags[i] = sample.Flags;
        }

        // A bracket of this length has the same standard uncertainty as the device's clock.
        var meanBracketNs = device is not null ? device.UncertaintyNs * Math.Sqrt(12) : samples.Length == 0 ? 0 : bracket / samples.Length;
        return (times, values, flags, meanBracketNs);
    }

    private static PowerSeries Single(
        long[] readNs, double[] watts, SampleFlags[] flags, MeterResponse response,
        double intervalSeconds, double bracketNs, double resolution, long delayNs)
    {
        var (period, averaging) = Spacing(readNs, response, intervalSeconds);
        // Polled slower than it updates, a value is on average half an update period old when it is read.
        var age = intervalSeconds > 0 ? response.UpdatePeriodSeconds * 1e9 / 2 : 0;
        for (var i = 0; i < readNs.Length; i++)
            readNs[i] -= delayNs + (long)age;
        var stamp = Math.Sqrt((bracketNs * bracketNs + 4 * age * age) / 12);
        return PowerSeries.Adopt(readNs, watts, flags, period, averaging, response.Shape, stamp, resolution);
    }

    // A stream runs at the rate of its own crystal and firmware, not at the data sheet's: the usual spacing is measured. Where a
    // value is nominally the mean over the whole period, it is so at the real rate too.
    private static (double Period, double Averaging) Spacing(ReadOnlySpan<long> readNs, MeterResponse response, double intervalSeconds)
    {
        if (intervalSeconds > 0 || readNs.Length < 3)
            return (Math.Max(intervalSeconds, response.UpdatePeriodSeconds), response.AveragingSeconds);
        var period = Math.Max(UsualSpacing(readNs) * 1e-9, 1e-9);
        // Far from the nominal rate it is no matter of a crystal: only some of the windows are in the trace, and the window stays what it is.
        var sameRate = period < MostRateError * response.UpdatePeriodSeconds;
        var contiguous = sameRate && response.AveragingSeconds >= 0.99 * response.UpdatePeriodSeconds;
        return (period, contiguous ? response.AveragingSeconds * period / response.UpdatePeriodSeconds : response.AveragingSeconds);
    }

    // The median. Of a long trace so many spacings tell it as well, each at a place of its own: a stride would meet bursts in step.
    private static long UsualSpacing(ReadOnlySpan<long> readNs)
    {
        const int Enough = 20_001;
        var count = readNs.Length - 1;
        var spacings = new long[Math.Min(count, Enough)];
        for (var i = 0; i < spacings.Length; i++)
        {
            var at = count <= Enough ? i : (int)(Scrambled((ulong)i) % (ulong)count);
            spacings[i] = readNs[at + 1] - readNs[at];
        }

        Array.Sort(spacings);
        return spacings[spacings.Length / 2];
    }

    // SplitMix64 (Steele, Lea and Flood 2014): always the same places.
    private static ulong Scrambled(ulong value)
    {
        value = unchecked((value + 1) * 0x9E3779B97F4A7C15);
        value = unchecked((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9);
        value = unchecked((value ^ (value >> 27)) * 0x94D049BB133111EB);
        return value ^ (value >> 31);
    }
}
