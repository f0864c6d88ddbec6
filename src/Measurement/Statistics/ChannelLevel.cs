using MeterLab.Measurement.Meters;

namespace MeterLab.Measurement.Statistics;

/// <summary>One channel's share of an idle power.</summary>
/// <param name="MeanW">W.</param>
/// <param name="Accuracy">Its meter's limits of error; null where nobody knows them.</param>
/// <param name="ResolutionW">The smallest step of a value, W.</param>
/// <param name="ScatterW">Standard deviation of the single readings, W; 0 where it is not known.</param>
public readonly record struct ChannelLevel(double MeanW, AccuracyLimit? Accuracy, double ResolutionW, double ScatterW = 0)
{
    /// <summary>
    /// Standard uncertainty of the mean from rounding, W. A steady power repeats one rounding error in every reading. Noise over some steps spreads
    /// it: readings with a standard deviation s leave of the error's first harmonic, q / pi, the share exp(-2 pi² s² / q²) (Widrow and Kollár 2008,
    /// the characteristic function of a Gaussian). Readings that only alternate between two codes scatter by half a step at most without telling
    /// how far apart the powers are, so that much does not count.
    /// </summary>
    public double RoundingW
    {
        get
        {
            var whole = ResolutionW / Math.Sqrt(12);
            var noise = ScatterW * ScatterW - ResolutionW * ResolutionW / 4;
            return noise <= 0 || ResolutionW <= 0
                ? whole
                : Math.Min(whole, ResolutionW / (Math.PI * Math.Sqrt(2)) * Math.Exp(-2 * Math.PI * Math.PI * noise / (ResolutionW * ResolutionW)));
        }
    }
}
