using MeterLab.Measurement.Energy;

namespace MeterLab.Coverage.Simulation;

/// <summary>Where a window lies in the load.</summary>
internal enum Placement
{
    /// <summary>anywhere in a load that goes on</summary>
    Anywhere,

    /// <summary>around a run: the machine rests before and after it</summary>
    Run,
}

/// <summary>One window of one simulated rig: what a file would hold, and the truth that nobody but the judge sees.</summary>
/// <param name="Trace">What was recorded.</param>
/// <param name="Window">What is asked.</param>
/// <param name="TruthJ">The true energy, J.</param>
internal sealed record SimulatedWindow(TraceColumns Trace, RunWindow Window, double TruthJ)
{
    /// <summary>Draws one.</summary>
    public static SimulatedWindow Of(MeterClass meter, LoadShape shape, Placement placement, Draw draw)
    {
        var seconds = meter.WindowSeconds[(int)draw.Uniform(0, meter.WindowSeconds.Length)] * draw.Uniform(0.9, 1.1);
        var margin = meter.Margin + (meter.HasPower ? 0 : seconds);
        const double Start = 1000;
        var load = Load(meter, shape, placement, draw, Start, seconds, margin + 5);
        var clock = ClockError.Of(draw, meter.ClockUncertainty);
        var trace = meter.Record(load, Start - margin, Start + seconds + margin, clock, draw);
        // The window as the user knows it; the trace is late by the known lag.
        var window = new RunWindow(Ns(Start + clock.LagSeconds), Ns(Start + seconds + clock.LagSeconds), clock.UncertaintySeconds / 2 * 1e9);
        return new SimulatedWindow(trace, window, load.Energy(Start, Start + seconds));
    }

    private static PowerCurve Load(MeterClass meter, LoadShape shape, Placement placement, Draw draw, double start, double seconds, double margin)
    {
        var period = meter.Response.UpdatePeriodSeconds;
        if (placement == Placement.Anywhere)
            return new PowerCurve([.. shape.Knots(draw, start - margin, start + seconds + margin, period)]);
        var busy = new PowerCurve([.. shape.Knots(draw, start - 1, start + seconds + 1, period)]);
        var idle = draw.Uniform(20, 60);
        var knots = new List<(double, double)> { (start - margin, idle), (start, idle), (start, busy.Power(start)) };
        knots.AddRange(busy.Knots(start, start + seconds));
        knots.AddRange([(start + seconds, busy.Power(start + seconds)), (start + seconds, idle), (start + seconds + margin, idle)]);
        return new PowerCurve(knots);
    }

    private static long Ns(double seconds) => (long)Math.Round(seconds * 1e9);
}
