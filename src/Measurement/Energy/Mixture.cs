namespace MeterLab.Measurement.Energy;

/// <summary>Explanations of one figure with their weights: mean, and spread within and between them.</summary>
internal struct Mixture
{
    private double _weight;
    private double _first;
    private double _second;

    /// <summary>The mean of all, weighted; not a number where none has a weight.</summary>
    public readonly double Mean => _first / _weight;

    /// <summary>Standard deviation around it.</summary>
    public readonly double Standard => Math.Sqrt(Math.Max(0, _second / _weight - Mean * Mean));

    /// <summary>Adds an explanation: its weight (0 or more), its figure and that figure's standard uncertainty.</summary>
    public void Add(double weight, double value, double standard)
    {
        _weight += weight;
        _first += weight * value;
        _second += weight * (value * value + standard * standard);
    }
}
