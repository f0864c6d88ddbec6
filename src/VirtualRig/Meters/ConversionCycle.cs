namespace MeterLab.VirtualRig.Meters;

/// <summary>
/// The beat of a converter: cycles of equal length since the last configuration. In a triggered mode there is one; shut down, none.
/// </summary>
internal sealed class ConversionCycle
{
    private long _startNs;
    private double _lengthNs;
    private bool _continuous;

    /// <summary>Starts anew. <paramref name="lengthNs"/> is by the host's clock; 0 stops it.</summary>
    public void Restart(long nowNs, double lengthNs, bool continuous)
    {
        _startNs = nowNs;
        _lengthNs = lengthNs;
        _continuous = continuous;
    }

    /// <summary>Cycles completed since the restart.</summary>
    public long Completed(long nowNs)
    {
        if (_lengthNs <= 0)
            return 0;
        var whole = (long)((nowNs - _startNs) / _lengthNs);
        return _continuous ? whole : Math.Min(1, whole);
    }

    /// <summary>When the k-th cycle ended (the 0th: when it was started), host monotonic ns.</summary>
    public long EndOf(long cycle) => _startNs + (long)(cycle * _lengthNs);
}
