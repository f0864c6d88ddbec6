namespace MeterLab.Measurement.Clocks;

/// <summary>The stamps of a meter's own clock on the lab's line.</summary>
/// <param name="LineNs">The instant of each sample, ns; the shortest transit is still in it and belongs to the meter's lag.</param>
/// <param name="Pieces">The stretches between resets, each with a fit of its own.</param>
public sealed record DeviceTimes(long[] LineNs, IReadOnlyList<DevicePiece> Pieces)
{
    /// <summary>Standard uncertainty of an instant, ns: root mean square over all samples. 0 for none.</summary>
    public double UncertaintyNs
    {
        get
        {
            var count = Pieces.Sum(piece => (double)piece.Count);
            return count == 0 ? 0 : Math.Sqrt(Pieces.Sum(piece => piece.Count / count * piece.UncertaintyNs * piece.UncertaintyNs));
        }
    }
}

/// <summary>One stretch of a device's clock without a reset.</summary>
/// <param name="Start">Index of its first sample.</param>
/// <param name="Count">How many.</param>
/// <param name="Rate">Line seconds in a second of the device, less one; 0 where the piece is too short to tell.</param>
/// <param name="UncertaintyNs">Standard uncertainty of an instant against the true one plus the shortest transit, ns.</param>
public readonly record struct DevicePiece(int Start, int Count, double Rate, double UncertaintyNs);
