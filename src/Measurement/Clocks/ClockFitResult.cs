namespace MeterLab.Measurement.Clocks;

/// <summary>A remote clock over a stretch of the lab's line, cut into straight pieces.</summary>
public sealed record ClockFitResult
{
    /// <summary>Straight pieces in order of time, each mapping the lab's line to the remote clock.</summary>
    public required IReadOnlyList<ClockMap> Segments { get; init; }

    /// <summary>Steps of the remote clock between pieces.</summary>
    public required IReadOnlyList<ClockStep> Steps { get; init; }

    /// <summary>The smallest round trip, ns.</summary>
    public required long MinRoundTripNs { get; init; }

    /// <summary>How many readings were used.</summary>
    public required int Probes { get; init; }

    /// <summary>The piece that holds at a moment of the lab's line; null outside all of them.</summary>
    public ClockMap? SegmentAt(long lineNs) => Segments.FirstOrDefault(segment => segment.Covers(lineNs));

    /// <summary>
    /// Where a remote stamp lies on the lab's line, knowing that it was taken between two moments of that line (the stamp's own
    /// cause and effect). Null where no piece can say; a stamp inside a step is such a one.
    /// </summary>
    /// <param name="remoteNs">The stamp, ns of the remote clock.</param>
    /// <param name="earliestNs">The lab's line, ns: it was taken after this.</param>
    /// <param name="latestNs">And before this.</param>
    public (long LineNs, double UncertaintyNs)? ToLine(long remoteNs, long earliestNs, long latestNs)
    {
        foreach (var segment in Segments)
        {
            var inverse = segment.Inverse();
            var reading = new ClockReading(inverse.From, remoteNs);
            if (!inverse.Covers(remoteNs))
                continue;
            var line = inverse.Map(reading).Nanoseconds;
            var uncertainty = inverse.UncertaintyNsAt(reading);
            // Five standard deviations of room: cause and effect are themselves stamped on the line without error.
            var room = (long)(5 * uncertainty);
            if (line >= earliestNs - room && line <= latestNs + room)
                return (line, uncertainty);
        }

        return null;
    }

    /// <summary>Whether the remote clock stepped anywhere between two moments of the lab's line.</summary>
    public bool SteppedBetween(long fromNs, long toNs) => Steps.Any(step => step.ToNs > fromNs && step.FromNs < toNs);
}

/// <summary>A step of a remote clock: somewhere between two probes its offset jumped.</summary>
/// <param name="FromNs">The last probe before, ns on the lab's line.</param>
/// <param name="ToNs">The first probe after.</param>
/// <param name="SizeNs">Offset after minus before, ns.</param>
/// <param name="UncertaintyNs">Standard uncertainty of the size, ns.</param>
public sealed record ClockStep(long FromNs, long ToNs, double SizeNs, double UncertaintyNs);
