namespace MeterLab.Coverage.Simulation;

/// <summary>Random numbers of the kinds that the simulation needs.</summary>
internal sealed class Draw(int seed)
{
#pragma warning disable CA5394 // a simulation, no secret
    private readonly Random _random = new(seed);

    public double Uniform(double low, double high) => low + (high - low) * _random.NextDouble();

    /// <summary>Evenly over the orders of magnitude.</summary>
    public double Scale(double low, double high) => low * Math.Pow(high / low, _random.NextDouble());

    public double Normal(double sigma) =>
        sigma * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    public double Exponential(double mean) => -mean * Math.Log(1 - _random.NextDouble());
#pragma warning restore CA5394
}
