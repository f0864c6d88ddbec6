using MeterLab.Coverage.Simulation;
using MeterLab.Measurement.Clocks;
using MeterLab.Measurement.Energy;
using MeterLab.Measurement.Lag;
using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Samples;

namespace MeterLab.Coverage.Ablation;

/// <summary>One run of one simulated rig, and the error of its energy after each step of alignment, % of the truth.</summary>
/// <param name="None">The target's stamps taken as the lab's.</param>
/// <param name="Offset">The clock's offset, found once at the beginning of the campaign, taken off.</param>
/// <param name="Rate">And its rate.</param>
/// <param name="Lag">And the meter's lag.</param>
internal sealed record AlignmentSteps(double None, double Offset, double Rate, double Lag)
{
    // A night: the run lies anywhere in it, the pattern was played at its beginning.
    private const double Night = 8 * 3600;
    private const double Start = 1000;
    private const double IdleWatts = 60;

    /// <summary>Draws a rig and a run of so many seconds.</summary>
    public static AlignmentSteps Of(MeterClass meter, double seconds, Draw draw)
    {
        var clock = new TargetClock(draw);
        var lag = draw.Uniform(0, 2 * meter.Response.UpdatePeriodSeconds);
        var measured = MeasuredLag(meter, lag, draw);
        var begin = draw.Uniform(Start + 600, Start + Night);
        var margin = Math.Max(15, 30 * meter.Response.UpdatePeriodSeconds);
        var load = Load(begin, seconds, margin + 20, meter.Response.UpdatePeriodSeconds, draw);
        var trace = meter.Record(load, begin - margin - 15, begin + seconds + margin + 15, new ClockError(lag, 0, 0), draw);
        var truth = load.Energy(begin, begin + seconds);
        double Error(double from, double to, double late) => 100 * (Joules(meter, trace, from + late, to + late) / truth - 1);
        var (stampFrom, stampTo) = (clock.Shows(begin), clock.Shows(begin + seconds));
        var offset = clock.OffsetAtStart;
        var nominal = 0.0;
        return new AlignmentSteps(
            Error(stampFrom, stampTo, nominal), Error(stampFrom - offset, stampTo - offset, nominal),
            Error(clock.OnLine(stampFrom), clock.OnLine(stampTo), nominal), Error(clock.OnLine(stampFrom), clock.OnLine(stampTo), measured));
    }

    private static double Joules(MeterClass meter, TraceColumns trace, double from, double to) =>
        new TraceEnergy(trace, meter.Facts).Of(new RunWindow((long)(from * 1e9), (long)(to * 1e9)), ValidityLimits.Default).EnergyJ ?? double.NaN;

    private static PowerCurve Load(double begin, double seconds, double margin, double period, Draw draw)
    {
        var busy = new PowerCurve([.. LoadShape.All[(int)draw.Uniform(0, 3)].Knots(draw, begin - 1, begin + seconds + 1, period)]);
        var knots = new List<(double, double)> { (begin - margin, IdleWatts), (begin, IdleWatts), (begin, busy.Power(begin)) };
        knots.AddRange(busy.Knots(begin, begin + seconds));
        knots.AddRange([(begin + seconds, busy.Power(begin + seconds)), (begin + seconds, IdleWatts), (begin + seconds + margin, IdleWatts)]);
        return new PowerCurve(knots);
    }

    // The pattern that the campaign plays first, seen by the same meter; where it is refused, the data sheet's delay of nothing stands.
    private static double MeasuredLag(MeterClass meter, double lag, Draw draw)
    {
        var period = meter.Response.UpdatePeriodSeconds;
        var chip = Math.Max(0.1 + 0.37 * period, 4.37 * period);
        var (edges, levels, knots) = (new List<long>(), new List<bool>(), new List<(double, double)> { (Start - 30 * period - 20, IdleWatts) });
        for (var i = 0; i < 33; i++)
        {
            var at = Start + i * chip;
            var on = i is > 0 and < 32 && draw.Uniform(0, 1) < 0.5;
            var before = i > 0 && levels[^1] ? IdleWatts + 150 : IdleWatts;
            edges.Add((long)(at * 1e9));
            levels.Add(on);
            knots.Add((at, before));
            knots.Add((at, on ? IdleWatts + 150 : IdleWatts));
        }

        var until = Start + 33 * chip + 30 * period + 20;
        knots.Add((until, IdleWatts));
        var trace = meter.Record(new PowerCurve(knots), Start - 20 * period - 5, until - 5 * period, new ClockError(lag, 0, 0), draw);
        var fit = LagFit.Fit(
            trace.EndNs, trace.Watts, new LoadPattern(edges, levels), meter.Response, averagingKnown: true, Math.Max(0.5, 4 * period));
        return fit.Visible ? fit.DelaySeconds : 0;
    }
}
