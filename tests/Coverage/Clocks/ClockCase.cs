using MeterLab.Measurement.Clocks;

namespace MeterLab.Coverage.Clocks;

/// <summary>When a clock is probed.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Seconds">From the first burst to the last.</param>
/// <param name="PauseS">Mean pause between bursts; each is uniform between half and one and a half of it.</param>
/// <param name="Burst">Probes in a burst.</param>
internal sealed record ProbeSchedule(string Name, double Seconds, double PauseS, int Burst);

/// <summary>A remote clock whose truth is known, and probes of it over a simulated link.</summary>
internal sealed class ClockCase
{
    private const long StartNs = 5_000_000_000_000;

    private readonly double _rate;
    private readonly long _offsetNs;
    private readonly double _wander;
    private readonly double _wanderPeriodS;
    private readonly double _phase;

    private ClockCase(Random random, double ppm)
    {
        _offsetNs = 1_700_000_000_000_000_000 + (long)((random.NextDouble() - 0.5) * 8e12);
        _rate = ppm * 1e-6;
        // The crystal follows the temperature: up to 2e-8, over minutes.
        _wander = 2e-8 * random.NextDouble();
        _wanderPeriodS = 200 + 1000 * random.NextDouble();
        _phase = 2 * Math.PI * random.NextDouble();
    }

    /// <summary>A step, s, at this moment (s of the probing); 0 for none.</summary>
    public double StepS { get; init; }

    /// <summary>See <see cref="StepS"/>.</summary>
    public double StepAtS { get; init; }

    /// <summary>From here on (s of the probing) the clock runs this much (ppm) faster: a time service slews it.</summary>
    public (double AtS, double Ppm) Slew { get; init; } = (double.PositiveInfinity, 0);

    /// <summary>The probes, in order.</summary>
    public List<SyncObservation> Probes { get; } = [];

    /// <summary>The first and the last moment at which the fit may be asked, ns on the line.</summary>
    public (long FromNs, long ToNs) Span => (Probes[0].AfterNs, Probes[^1].BeforeNs);

    /// <summary>A moment of the line, ns.</summary>
    public static long LineNs(double atS) => StartNs + (long)(atS * 1e9);

    /// <summary>Draws a clock of this rate and probes it.</summary>
    public static ClockCase Draw(Random random, LinkScenario scenario, ProbeSchedule schedule, double ppm, double stepS = 0, double stepAtS = 0, (double, double)? slew = null)
    {
        var one = new ClockCase(random, ppm) { StepS = stepS, StepAtS = stepAtS, Slew = slew ?? (double.PositiveInfinity, 0) };
        var link = scenario.Draw(random);
        var at = 0.0;
        while (at <= schedule.Seconds || one.Probes.Count < schedule.Burst)
        {
            for (var i = 0; i < schedule.Burst; i++)
            {
                var there = link.There(random, at);
                var back = link.Back(random, at);
                var read = one.Remote(at + there);
                one.Probes.Add(new SyncObservation(LineNs(at), read - read % link.ResolutionNs, LineNs(at + there + back), link.ResolutionNs));
                at += there + back + 2e-5 * random.NextDouble();
            }

            at += schedule.PauseS * (0.5 + random.NextDouble());
        }

        return one;
    }

    /// <summary>What the clock showed at a moment of the line, ns.</summary>
    public long RemoteAt(long lineNs) => Remote((lineNs - StartNs) * 1e-9);

    /// <summary>The mean rate between two moments, dimensionless.</summary>
    public double RateBetween(long fromNs, long toNs) => (double)(RemoteAt(toNs) - RemoteAt(fromNs) - (toNs - fromNs)) / (toNs - fromNs);

    private long Remote(double atS)
    {
        var wander = _wander * _wanderPeriodS / (2 * Math.PI) * (Math.Sin(2 * Math.PI * atS / _wanderPeriodS + _phase) - Math.Sin(_phase));
        var slewed = atS > Slew.AtS ? Slew.Ppm * 1e-6 * (atS - Slew.AtS) : 0;
        var gained = _rate * atS + wander + slewed + (StepS != 0 && atS >= StepAtS ? StepS : 0);
        return LineNs(atS) + _offsetNs + (long)Math.Round(gained * 1e9);
    }
}
