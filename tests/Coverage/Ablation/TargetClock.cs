using MeterLab.Coverage.Simulation;
using MeterLab.Measurement.Clocks;

namespace MeterLab.Coverage.Ablation;

/// <summary>
/// A target's clock as a time service that is not much cared for leaves it: off by up to some tenths of a second, and running away by up
/// to 50 ppm. Probed over a link of half a millisecond, and fitted by the product.
/// </summary>
internal sealed class TargetClock
{
    private const double Start = 1000;
    private readonly double _offset;
    private readonly double _rate;
    private readonly ClockFitResult _fit;

    public TargetClock(Draw draw)
    {
        _offset = draw.Uniform(-0.5, 0.5);
        _rate = draw.Uniform(-50e-6, 50e-6);
        var probes = new List<SyncObservation>();
        for (var at = Start; at < Start + 9 * 3600; at += 600)
        {
            for (var i = 0; i < 6; i++)
            {
                var before = at + i * 0.001;
                var (there, back) = (0.0001 + draw.Exponential(0.0002), 0.0001 + draw.Exponential(0.0002));
                probes.Add(new SyncObservation(Ns(before), Ns(Shows(before + there)), Ns(before + there + back), 1000));
            }
        }

        _fit = ClockFit.Fit(probes, ClockId.Target("simulated"));
        OffsetAtStart = Shows(Start) - _fit.ToLine(Ns(Shows(Start) + 0.01), Ns(Start), Ns(Start + 1))!.Value.LineNs * 1e-9 + 0.01;
    }

    /// <summary>The offset as found at the beginning, s.</summary>
    public double OffsetAtStart { get; }

    /// <summary>What it shows at a moment of the line, s.</summary>
    public double Shows(double line) => line + _offset + _rate * (line - Start);

    /// <summary>Where the fit lays a stamp on the line, s.</summary>
    public double OnLine(double stamp) => _fit.ToLine(Ns(stamp), 0, long.MaxValue / 2)!.Value.LineNs * 1e-9;

    private static long Ns(double seconds) => (long)Math.Round(seconds * 1e9);
}
