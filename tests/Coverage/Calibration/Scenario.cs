namespace MeterLab.Coverage.Calibration;

/// <summary>A kind of machine, meter and campaign: what is drawn anew for each machine lies within these bounds.</summary>
internal sealed record Scenario(string Name)
{
    /// <summary>Kinds of work, each with a power of its own.</summary>
    public int Workloads { get; init; } = 12;

    /// <summary>Runs of each.</summary>
    public int Repetitions { get; init; } = 4;

    /// <summary>Lowest and highest power of a workload as the estimator sees it, W.</summary>
    public (double Low, double High) PowerW { get; init; } = (40, 350);

    /// <summary>Shortest and longest run, s.</summary>
    public (double Low, double High) DurationS { get; init; } = (60, 600);

    /// <summary>Scatter of a run about the law, relative, normal.</summary>
    public double Scatter { get; init; } = 0.01;

    /// <summary>Scatter of a workload about the law, relative, normal: its runs err together.</summary>
    public double WorkloadScatter { get; init; }

    /// <summary>Scatter that does not grow with the energy, J, normal.</summary>
    public double AbsoluteScatterJ { get; init; }

    /// <summary>Share of runs that are wrong altogether.</summary>
    public double Outliers { get; init; }

    /// <summary>The counter's count, J; 0 for a meter that resolves everything.</summary>
    public double CountJ { get; init; }

    /// <summary>The estimator's own error, relative, normal; the fit is told.</summary>
    public double EstimatorScatter { get; init; }

    /// <summary>The meter's noise in a run, relative, normal; the fit is told.</summary>
    public double MeterScatter { get; init; }

    /// <summary>Standard deviation of the meter's gain, drawn once a machine; the fit is told.</summary>
    public double MeterGain { get; init; }

    /// <summary>Degrees of freedom of the scatter; 0 for normal.</summary>
    public int TailFreedom { get; init; }

    /// <summary>The kinds that the table shows.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("fine meter, many workloads"),
        new("coarse meter (3600 J a count, runs of 120 s)") { CountJ = 3600, DurationS = (115, 125), Workloads = 20, Repetitions = 3 },
        new("coarse meter, hardly any scatter") { CountJ = 3600, Scatter = 0.002, DurationS = (100, 400), Workloads = 20, Repetitions = 2 },
        new("middling meter (360 J a count)") { CountJ = 360, DurationS = (60, 300) },
        new("outliers: 5 % of the runs, -40 to +80 %") { Outliers = 0.05 },
        new("outliers: 10 % of the runs, coarse meter") { Outliers = 0.10, CountJ = 3600, DurationS = (100, 900), Workloads = 20, Repetitions = 3 },
        new("collinear: runs of one length, powers within ±15 %") { DurationS = (119, 121), PowerW = (85, 115) },
        new("collinear, coarse meter and outliers") { DurationS = (290, 310), PowerW = (120, 220), CountJ = 3600, Outliers = 0.05, Workloads = 20, Repetitions = 3 },
        new("workloads err together (2 % each, 0.5 % a run)") { WorkloadScatter = 0.02, Scatter = 0.005, Workloads = 20, Repetitions = 3 },
        new("errors on both sides (estimator 3 %, meter 0.5 %)") { EstimatorScatter = 0.03, MeterScatter = 0.005, Scatter = 0.003, Workloads = 20 },
        new("errors on both sides, powers within ±20 %") { EstimatorScatter = 0.03, MeterScatter = 0.005, Scatter = 0.003, PowerW = (120, 180), Workloads = 20 },
        new("absolute scatter (150 J)") { Scatter = 0.002, AbsoluteScatterJ = 150 },
        new("heavy tails (t, 3 degrees of freedom)") { TailFreedom = 3 },
        new("meter gain known to 0.5 %") { MeterGain = 0.005, Scatter = 0.005 },
        new("six workloads, two runs each") { Workloads = 6, Repetitions = 2 },
    ];
}
