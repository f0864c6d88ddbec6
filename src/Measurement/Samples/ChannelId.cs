namespace MeterLab.Measurement.Samples;

/// <summary>One measured line of one meter: <c>wall/total</c>. The default value names no channel.</summary>
/// <param name="Meter">The meter's name in the rig file.</param>
/// <param name="Channel">The channel of that meter: total, l1, outlet-3, ch1 …</param>
public readonly record struct ChannelId(string Meter, string Channel)
{
    /// <summary>Reads <c>METER/CHANNEL</c>; null where the text has no such form.</summary>
    public static ChannelId? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && slash < text.Length - 1 && text.IndexOf('/', slash + 1) < 0
            ? new ChannelId(text[..slash], text[(slash + 1)..])
            : null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Meter}/{Channel}";
}
