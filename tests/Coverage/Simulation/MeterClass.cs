using MeterLab.Measurement.Energy;
using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Coverage.Simulation;

/// <summary>A class of meter as its data sheet has it, and what its specimens do: gain, offset, noise and phase are drawn for each.</summary>
internal sealed record MeterClass
{
    public required string Name { get; init; }

    public required MeterResponse Response { get; init; }

    /// <summary>Limits of error of power and register.</summary>
    public required AccuracyLimit Accuracy { get; init; }

    public double Resolution { get; init; }

    /// <summary>The largest noise of a value, standard, W.</summary>
    public double Noise { get; init; }

    /// <summary>The smallest step of the energy register, J; 0 where there is none.</summary>
    public double Count { get; init; }

    public bool HasPower { get; init; } = true;

    /// <summary>The share of rows that are lost on their way.</summary>
    public double Lost { get; init; }

    public double[] WindowSeconds { get; init; } = [10, 30, 60];

    public double ClockUncertainty { get; init; } = 0.02;

    /// <summary>How much is recorded before and after a window, s.</summary>
    public double Margin => Math.Max(10, 30 * Response.UpdatePeriodSeconds);

    /// <summary>What the estimator is told.</summary>
    public MeterFacts Facts => new()
    {
        Model = Name,
        Vendor = "simulated",
        Transports = [],
        Quantities = [],
        Accuracy = new Dictionary<Quantity, AccuracyLimit> { [Quantity.ActivePower] = Accuracy, [Quantity.EnergyImport] = new() { ReadingPercent = Accuracy.ReadingPercent } },
        Resolution = new Dictionary<Quantity, double> { [Quantity.ActivePower] = Resolution, [Quantity.EnergyImport] = Count },
        Response = Response,
        Source = "simulation",
    };

    public static IReadOnlyList<MeterClass> All { get; } =
    [
        new() { Name = "1 s mean, class 1", Response = new(1, 1, 0), Accuracy = new() { ReadingPercent = 1 }, Resolution = 0.1, Noise = 0.3 },
        new() { Name = "1 s mean, 0.1 %", Response = new(1, 1, 0), Accuracy = new() { ReadingPercent = 0.1, Absolute = 0.02 }, Resolution = 0.01, Noise = 0.05 },
        new() { Name = "1 s, 0.5 s mean", Response = new(1, 0.5, 0), Accuracy = new() { ReadingPercent = 1 }, Resolution = 0.1, Noise = 0.3 },
        new() { Name = "1 s, 50 ms snapshot", Response = new(1, 0.05, 0), Accuracy = new() { ReadingPercent = 0.5, Absolute = 0.2 }, Resolution = 0.01, Noise = 0.3 },
        new() { Name = "0.25 s mean, read each second", Response = new(1, 0.25, 0), Accuracy = new() { ReadingPercent = 0.5 }, Resolution = 0.1, Noise = 0.3 },
        new() { Name = "3 s mean, class 0.5", Response = new(3, 3, 0), Accuracy = new() { ReadingPercent = 0.5 }, Resolution = 0.1, Noise = 0.3, WindowSeconds = [30, 60, 120] },
        new() { Name = "1 s mean, 3 % of rows lost", Response = new(1, 1, 0), Accuracy = new() { ReadingPercent = 0.5 }, Resolution = 0.1, Noise = 0.3, Lost = 0.03 },
        new() { Name = "100 ms PDU, 1 W", Response = new(0.1, 0.1, 0), Accuracy = new() { ReadingPercent = 1 }, Resolution = 1, Noise = 0.5 },
        new() { Name = "10 ms shunt", Response = new(0.01, 0.01, 0), Accuracy = new() { ReadingPercent = 0.2, Absolute = 0.05 }, Resolution = 0.025, Noise = 0.2, ClockUncertainty = 0.005 },
        new() { Name = "1 ms stream", Response = new(0.001, 0.001, 0), Accuracy = new() { ReadingPercent = 1 }, Resolution = 0.3, Noise = 2, WindowSeconds = [2, 5, 10], ClockUncertainty = 0.002 },
        new() { Name = "0.2 s, filter 0.5 s", Response = new(0.2, 0.5, 0, ResponseShape.FirstOrder), Accuracy = new() { ReadingPercent = 0.5 }, Resolution = 0.1, Noise = 0.1 },
        new() { Name = "counter of 360 J", Response = new(1, 1, 0), Accuracy = new() { ReadingPercent = 1 }, Count = 360, HasPower = false },
        new() { Name = "counter of 36 kJ", Response = new(1, 1, 0), Accuracy = new() { ReadingPercent = 1 }, Count = 36_000, HasPower = false, WindowSeconds = [120, 300, 600] },
        new() { Name = "1 s mean and counter", Response = new(1, 1, 0), Accuracy = new() { ReadingPercent = 1 }, Resolution = 0.1, Noise = 0.3, Count = 3600 },
    ];

    /// <summary>What a specimen of this class shows of a load, between two moments.</summary>
    public TraceColumns Record(PowerCurve load, double from, double to, ClockError clock, Draw draw)
    {
        var gain = 1 + draw.Uniform(-1, 1) * Accuracy.ReadingPercent / 100;
        var offset = draw.Uniform(-1, 1) * (Accuracy.RangePercent / 100 * (Accuracy.Range ?? 0) + Accuracy.Absolute);
        var noise = draw.Uniform(0, Noise);
        var register = draw.Uniform(0, 1e9);
        var trace = new TraceColumns(HasPower, Count > 0);
        var period = Response.UpdatePeriodSeconds;
        var first = from + draw.Uniform(0, period);
        var filter = load.Power(from);
        for (var k = 0; first + k * period < to; k++)
        {
            var end = first + k * period;
            var watts = Response.Shape == ResponseShape.FirstOrder
                ? filter = Filtered(load, filter, k == 0 ? from : end - period, end)
                : load.Mean(end - Response.AveragingSeconds, end);
            watts = Rounded(gain * watts + offset + draw.Normal(noise), Resolution);
            var joules = register + gain * load.Energy(from, end);
            if (Lost > 0 && draw.Uniform(0, 1) < Lost)
                continue;
            trace.Add((long)Math.Round((end + clock.LagSeconds + clock.ErrorSeconds) * 1e9), watts, Count > 0 ? Math.Floor(joules / Count) * Count : 0);
        }

        return trace;
    }

    // A first-order filter, in steps that are short against its time constant.
    private double Filtered(PowerCurve load, double value, double from, double to)
    {
        const int Steps = 50;
        var step = (to - from) / Steps;
        var keep = Math.Exp(-step / Response.AveragingSeconds);
        for (var i = 0; i < Steps && step > 0; i++)
            value = keep * value + (1 - keep) * load.Mean(from + i * step, from + (i + 1) * step);
        return value;
    }

    private static double Rounded(double value, double step) => step > 0 ? Math.Round(value / step) * step : value;
}
