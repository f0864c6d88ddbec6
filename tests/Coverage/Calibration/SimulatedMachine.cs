using MeterLab.Measurement.Calibration;

namespace MeterLab.Coverage.Calibration;

/// <summary>A machine whose gain and unseen power are known, and the runs that an estimator and a meter saw of it.</summary>
internal sealed record SimulatedMachine(double Gain, double UnseenW, double MeterGainRelative, IReadOnlyList<CalibrationRun> Runs)
{
    /// <summary>Draws a machine of a kind.</summary>
    public static SimulatedMachine Draw(Scenario kind, Random random)
    {
        var (gain, unseen) = (Between(random, (0.8, 1.6)), Between(random, (5, 120)));
        var meterGain = 1 + kind.MeterGain * Normal(random);
        var counter = 1e6 * random.NextDouble();
        var runs = new List<CalibrationRun>();
        for (var workload = 0; workload < kind.Workloads; workload++)
        {
            var power = Between(random, kind.PowerW);
            var together = kind.WorkloadScatter * Normal(random);
            for (var repetition = 0; repetition < kind.Repetitions; repetition++)
            {
                var seconds = Between(random, kind.DurationS);
                var seen = power * seconds;
                var energy = (gain * seen + unseen * seconds) * (1 + together + kind.Scatter * Tailed(kind, random)) + kind.AbsoluteScatterJ * Normal(random);
                if (random.NextDouble() < kind.Outliers)
                    energy *= 1 + Between(random, (-0.4, 0.8));
                var shown = energy * meterGain * (1 + kind.MeterScatter * Normal(random));
                if (kind.CountJ > 0)
                    (shown, counter) = Counted(counter, shown, kind.CountJ, random);
                if (shown <= 0)
                    continue;
                runs.Add(new CalibrationRun
                {
                    EstimateJ = seen * (1 + kind.EstimatorScatter * Normal(random)),
                    DurationS = seconds,
                    MeterJ = shown,
                    Cluster = $"w{workload}",
                    CountJ = kind.CountJ,
                    MeterStandardJ = kind.MeterScatter * shown,
                    EstimateStandardJ = kind.EstimatorScatter * seen,
                });
            }
        }

        return new SimulatedMachine(gain, unseen, kind.MeterGain, runs);
    }

    // The counter stands where the runs before and the idle time between have left it.
    private static (double Shown, double Counter) Counted(double counter, double energy, double count, Random random)
    {
        var start = counter + 3 * count * random.NextDouble();
        var stop = start + energy;
        return ((Math.Floor(stop / count) - Math.Floor(start / count)) * count, stop);
    }

    private static double Between(Random random, (double Low, double High) range) => range.Low + (range.High - range.Low) * random.NextDouble();

    private static double Tailed(Scenario kind, Random random)
    {
        if (kind.TailFreedom == 0)
            return Normal(random);
        var squares = 0.0;
        for (var i = 0; i < kind.TailFreedom; i++)
            squares += Math.Pow(Normal(random), 2);
        return Normal(random) / Math.Sqrt(squares / kind.TailFreedom);
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
