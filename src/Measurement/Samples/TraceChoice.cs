namespace MeterLab.Measurement.Samples;

/// <summary>
/// Which of several recordings of one channel a window lies in. A campaign that was resumed has several, and the wide margins around a window may
/// reach so far into another that it has more samples there.
/// </summary>
public static class TraceChoice
{
    /// <summary>How far the middle of a window lies outside of a recording, ns; 0 within it, the longest time there is where it is empty.</summary>
    public static long Outside(ReadOnlySpan<RawSample> samples, long middleNs) =>
        samples.Length == 0 ? long.MaxValue : Math.Max(0, Math.Max(samples[0].BeforeNs - middleNs, middleNs - samples[^1].AfterNs));
}
