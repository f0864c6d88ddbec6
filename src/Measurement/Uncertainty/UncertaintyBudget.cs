namespace MeterLab.Measurement.Uncertainty;

/// <summary>
/// Independent sources of the uncertainty of one energy, added in quadrature (JCGM 100:2008, 5.1.2), largest first.
/// </summary>
public sealed class UncertaintyBudget
{
    private readonly UncertaintyComponent[] _components;

    /// <summary>Takes the components; those that are zero are left out. Throws <see cref="ArgumentException"/> for one that is negative or no number.</summary>
    public UncertaintyBudget(IEnumerable<UncertaintyComponent> components)
    {
        _components = [.. components.Where(c => c.StandardJ != 0).OrderByDescending(c => c.StandardJ)];
        foreach (var component in _components)
        {
            if (!(component.StandardJ > 0) || double.IsInfinity(component.StandardJ))
                throw new ArgumentException($"The uncertainty from {component.Source} is {component.StandardJ} J; a finite, positive figure is wanted.", nameof(components));
        }
    }

    /// <summary>No known source.</summary>
    public static UncertaintyBudget Empty { get; } = new([]);

    /// <summary>The sources, largest first.</summary>
    public IReadOnlyList<UncertaintyComponent> Components => _components;

    /// <summary>The combined standard uncertainty, J.</summary>
    public double StandardJ => Root(_components);

    /// <summary>The part that a mean over runs does not shrink, J.</summary>
    public double SystematicJ => Root(_components.Where(c => c.Kind == ComponentKind.Systematic));

    /// <summary>The part that it does, J.</summary>
    public double RandomJ => Root(_components.Where(c => c.Kind == ComponentKind.Random));

    /// <summary>The budget of the sum of two energies from independent meters: their sources side by side, alike ones added in quadrature.</summary>
    public UncertaintyBudget Plus(UncertaintyBudget other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new UncertaintyBudget(_components.Concat(other._components)
            .GroupBy(c => (c.Source, c.Kind))
            .Select(group => new UncertaintyComponent(group.Key.Source, Root(group), group.Key.Kind)));
    }

    private static double Root(IEnumerable<UncertaintyComponent> components) => Math.Sqrt(components.Sum(c => c.StandardJ * c.StandardJ));
}
