namespace MeterLab.Coverage.Lag;

/// <summary>
/// One meter that saw one pattern: delay, beat, phase of the beat and of the polls, pattern, baseline, step, drift and noise drawn anew.
/// </summary>
internal sealed class LagTrial
{
    private readonly Random _random;
    private readonly LagClass _class;
    private readonly List<double> _edges = [];
    private readonly List<bool> _levels = [];
    private readonly List<double> _wander = [];
    private double _wanderStepS;

    public LagTrial(LagClass of, int seed, double stepOfItsOwn = double.NaN, bool unrelated = false)
    {
        _class = of;
        _random = new Random(seed);
        DelayS = of.PeriodS * 2 * _random.NextDouble();
        RiseS = of.LongestRiseS * Rise();
        StepW = double.IsNaN(stepOfItsOwn) ? 10 + 190 * _random.NextDouble() : stepOfItsOwn;
        NoiseW = double.IsNaN(stepOfItsOwn) ? StepW / of.StepToNoise : 1;
        Pattern();
        var shown = unrelated ? Elsewhere() : Changes();
        Read(new StepResponse(shown.Edges, shown.Steps, RiseS));
    }

    public double DelayS { get; }

    public double RiseS { get; }

    public double StepW { get; }

    public double NoiseW { get; }

    public IReadOnlyList<long> EdgeNs => [.. _edges.Select(Ns)];

    public IReadOnlyList<bool> Levels => _levels;

    /// <summary>When each value was seen: its arrival, or the poll that read it (with repeats).</summary>
    public List<long> SeenNs { get; } = [];

    public List<double> Watts { get; } = [];

    // Most machines are quick: the density falls to nothing at the longest rise.
    private double Rise() => 1 - Math.Cbrt(1 - _random.NextDouble());

    // A random telegraph of 31 chips and an idle one at each end; edges come late by what a shell's sleep overshoots.
    private void Pattern()
    {
        var chip = Math.Max(0.1 + 0.37 * _class.PeriodS, 4.37 * _class.PeriodS);
        var at = 3 + _random.NextDouble();
        var bits = new bool[33];
        do
        {
            for (var i = 1; i < 32; i++)
                bits[i] = _random.Next(2) == 1;
        }
        while (bits.Count(bit => bit) is < 12 or > 20);
        for (var i = 0; i < bits.Length; i++)
        {
            _edges.Add(at + i * chip + 0.002 * _random.NextDouble());
            _levels.Add(bits[i]);
        }
    }

    private (double[] Edges, double[] Steps) Changes()
    {
        var steps = _levels.Select((level, i) => StepW * ((level ? 1 : 0) - (i > 0 && _levels[i - 1] ? 1 : 0)));
        return ([.. _edges], [.. steps]);
    }

    // Another program that comes and goes while the pattern is not seen at all.
    private (double[] Edges, double[] Steps) Elsewhere()
    {
        var edges = new List<double>();
        for (var at = 0.0; at < _edges[^1] + 3; at += (_edges[1] - _edges[0]) * (0.2 + 3 * _random.NextDouble()))
            edges.Add(at);
        return ([.. edges], [.. edges.Select((_, i) => i % 2 == 0 ? StepW : -StepW)]);
    }

    private void Read(StepResponse response)
    {
        var period = _class.PeriodS * (1 + 0.002 * Gauss());
        var until = _edges[^1] + 2 + 5 * _class.PeriodS;
        Wander(until);
        var baseline = 20 + 200 * _random.NextDouble();
        var drift = StepW * 0.2 * (_random.NextDouble() - 0.5) / until;
        var poll = _class.PollS * _random.NextDouble();
        var value = double.NaN;
        for (var beat = period * _random.NextDouble(); beat < until; beat += period)
        {
            var update = beat + _class.Jitter * _class.PeriodS * Gauss();
            for (; _class.PollS > 0 && poll < update; poll += _class.PollS)
                See(poll, value);
            var end = update - DelayS;
            var shown = _class.Filter ? response.Filtered(end, _class.AveragingS) : response.Window(end, _class.AveragingS);
            value = baseline + drift * end + shown + WanderAt(end) + NoiseW * Gauss();
            if (_class.PollS <= 0)
                See(update, value);
        }
    }

    private void See(double at, double value)
    {
        if (double.IsNaN(value))
            return;
        SeenNs.Add(Ns(at));
        Watts.Add(value);
    }

    // Power that walks at random, by a noise's worth over the pattern.
    private void Wander(double until)
    {
        _wanderStepS = until / 200;
        double at = 0;
        for (var i = 0; i < 203; i++)
        {
            _wander.Add(at);
            at += NoiseW * Gauss() / Math.Sqrt(200);
        }
    }

    private double WanderAt(double at)
    {
        var place = Math.Clamp(at / _wanderStepS, 0, _wander.Count - 2);
        var i = (int)place;
        return _wander[i] + (place - i) * (_wander[i + 1] - _wander[i]);
    }

    private double Gauss() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    private static long Ns(double seconds) => (long)Math.Round(seconds * 1e9) + 1_000_000_000_000;
}
