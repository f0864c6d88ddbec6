namespace MeterLab.Measurement.Uncertainty;

/// <summary>Whether a mean over runs makes a component smaller.</summary>
public enum ComponentKind
{
    /// <summary>the same in every run on this meter (its gain, its offset, a shunt's tolerance): averaging does not help</summary>
    Systematic,

    /// <summary>drawn anew in every run</summary>
    Random,
}

/// <summary>One source of uncertainty of an energy, as the GUM lists them (JCGM 100:2008, 4).</summary>
/// <param name="Source">gain, offset, edges, gaps …</param>
/// <param name="StandardJ">Standard uncertainty, k = 1, J; never negative.</param>
/// <param name="Kind">Systematic or random.</param>
public sealed record UncertaintyComponent(string Source, double StandardJ, ComponentKind Kind);
