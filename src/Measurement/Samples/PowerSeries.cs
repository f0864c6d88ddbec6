using MeterLab.Measurement.Meters;

namespace MeterLab.Measurement.Samples;

/// <summary>
/// Power on the lab's line: value k is the mean power over the window of <see cref="AveragingSeconds"/> that ended at
/// <see cref="EndNs"/>[k], the meter's known delay already removed. Strictly increasing in time; repeated readings of one
/// update are already one.
/// </summary>
public sealed class PowerSeries
{
    private readonly long[] _endNs;
    private readonly double[] _watts;
    private readonly SampleFlags[] _flags;

    private PowerSeries(
        long[] endNs, double[] watts, SampleFlags[] flags, double periodSeconds, double averagingSeconds,
        ResponseShape shape, double stampUncertaintyNs, double resolution, IReadOnlyList<Finding> findings)
    {
        _endNs = endNs;
        _watts = watts;
        _flags = flags;
        PeriodSeconds = periodSeconds;
        AveragingSeconds = averagingSeconds;
        Shape = shape;
        StampUncertaintyNs = stampUncertaintyNs;
        Resolution = resolution;
        Findings = findings;
    }

    /// <summary>Ends of the averaging windows, ns on the lab's line.</summary>
    public ReadOnlySpan<long> EndNs => _endNs;

    /// <summary>Mean powers, W.</summary>
    public ReadOnlySpan<double> Watts => _watts;

    /// <summary>What is peculiar about each value.</summary>
    public ReadOnlySpan<SampleFlags> Flags => _flags;

    /// <summary>The usual spacing of the values, s.</summary>
    public double PeriodSeconds { get; }

    /// <summary>The length of the averaging window, or the time constant of a first-order filter, s.</summary>
    public double AveragingSeconds { get; }

    /// <summary>Window or filter.</summary>
    public ResponseShape Shape { get; }

    /// <summary>Standard uncertainty of one stamp from not knowing when within a poll the meter updated, ns.</summary>
    public double StampUncertaintyNs { get; }

    /// <summary>The smallest step of a value, W; 0 where negligible.</summary>
    public double Resolution { get; }

    /// <summary>What the sanity rules found.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>How many values.</summary>
    public int Count => _endNs.Length;

    /// <summary>A spacing above this is a gap, s.</summary>
    public double GapSeconds => 1.5 * PeriodSeconds;

    /// <summary>
    /// Checks and takes values that are one an update already. Values that are no number are left out, those that do not come later than
    /// the one before them too; both are counted in a finding.
    /// </summary>
    /// <param name="endNs">Ends of averaging windows, ns.</param>
    /// <param name="watts">Mean powers, W; as many as ends.</param>
    /// <param name="flags">Flags, as many; empty for none.</param>
    /// <param name="periodSeconds">The nominal spacing: the larger of poll interval and update period.</param>
    /// <param name="averagingSeconds">The window's length.</param>
    /// <param name="shape">Window or filter.</param>
    /// <param name="stampUncertaintyNs">Standard uncertainty of one stamp, ns.</param>
    /// <param name="resolution">The smallest step of a value, W.</param>
    public static PowerSeries Create(
        ReadOnlySpan<long> endNs, ReadOnlySpan<double> watts, ReadOnlySpan<SampleFlags> flags, double periodSeconds,
        double averagingSeconds, ResponseShape shape = ResponseShape.Average, double stampUncertaintyNs = 0, double resolution = 0)
    {
        if (endNs.Length != watts.Length || (flags.Length != 0 && flags.Length != endNs.Length))
            throw new ArgumentException("A series needs as many values (and flags) as times.", nameof(watts));
        return Adopt(
            endNs.ToArray(), watts.ToArray(), flags.Length == 0 ? new SampleFlags[endNs.Length] : flags.ToArray(), periodSeconds, averagingSeconds,
            shape, stampUncertaintyNs, resolution);
    }

    /// <summary>As <see cref="Create"/>, of arrays that belong to the series from here on: an hour at 20 kHz is not copied.</summary>
    internal static PowerSeries Adopt(
        long[] endNs, double[] watts, SampleFlags[] flags, double periodSeconds, double averagingSeconds, ResponseShape shape, double stampUncertaintyNs, double resolution)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(periodSeconds);
        int count = 0, notNumbers = 0, notLater = 0, implausible = 0, overflow = 0;
        for (var i = 0; i < endNs.Length; i++)
        {
            var mark = flags[i];
            if (!double.IsFinite(watts[i]) || (mark & SampleFlags.NotAvailable) != 0)
            {
                notNumbers++;
                continue;
            }

            if (count > 0 && endNs[i] <= endNs[count - 1])
            {
                notLater++;
                continue;
            }

            implausible += (mark & SampleFlags.Implausible) != 0 ? 1 : 0;
            overflow += (mark & SampleFlags.Overflow) != 0 ? 1 : 0;
            (endNs[count], watts[count], flags[count]) = (endNs[i], watts[i], mark);
            count++;
        }

        var findings = FindingsOf(endNs.Length, notNumbers, notLater, implausible, overflow);
        if (count < endNs.Length)
            (endNs, watts, flags) = (endNs[..count], watts[..count], flags[..count]);
        return new PowerSeries(endNs, watts, flags, periodSeconds, averagingSeconds, shape, stampUncertaintyNs, resolution, findings);
    }

    /// <summary>The same series, all of it this much earlier: a lag that was measured is removed.</summary>
    public PowerSeries Earlier(long nanoseconds) => new(
        [.. _endNs.Select(ns => ns - nanoseconds)], _watts, _flags, PeriodSeconds, AveragingSeconds, Shape, StampUncertaintyNs, Resolution, Findings);

    /// <summary>The index of the first value whose end is at or after a moment; <see cref="Count"/> where there is none.</summary>
    public int FirstEndingAtOrAfter(long ns)
    {
        var index = Array.BinarySearch(_endNs, ns);
        return index >= 0 ? index : ~index;
    }

    private static List<Finding> FindingsOf(int all, int notNumbers, int notLater, int implausible, int overflow)
    {
        var findings = new List<Finding>();
        if (notNumbers > 0)
            findings.Add(new Finding("not-a-number", Severity.Warning, $"{notNumbers} of {all} samples carried no number; they count as gaps."));
        if (notLater > 0)
            findings.Add(new Finding("time-order", Severity.Warning, $"{notLater} of {all} samples did not come later than the one before; they were left out."));
        if (implausible > 0)
            findings.Add(new Finding("implausible", Severity.Warning, $"{implausible} of {all} samples are beyond what this meter can measure; they were kept."));
        if (overflow > 0)
            findings.Add(new Finding("overflow", Severity.Invalid, $"{overflow} of {all} samples exceeded the meter's range: the energy is too low."));
        return findings;
    }
}
