using MeterLab.Measurement.Quantities;

namespace MeterLab.VirtualRig.World;

/// <summary>One figure for each scope that the virtual world models: watts, or joules.</summary>
/// <param name="CpuDc">The processor's 12 V rail.</param>
/// <param name="GpuDc">The graphics cards' supply.</param>
/// <param name="PsuDc">All direct-current rails; contains the two above.</param>
/// <param name="WallAc">The wall socket; contains everything.</param>
public readonly record struct ScopeValues(double CpuDc, double GpuDc, double PsuDc, double WallAc)
{
    /// <summary>The figure of one scope. Throws <see cref="ArgumentOutOfRangeException"/> for a scope that the world does not model.</summary>
    public double this[Scope scope] => scope switch
    {
        Scope.CpuDc => CpuDc,
        Scope.GpuDc => GpuDc,
        Scope.PsuDc => PsuDc,
        Scope.WallAc => WallAc,
        _ => throw new ArgumentOutOfRangeException(
            nameof(scope), Scopes.NameOf(scope), "The virtual world models wall-ac, psu-dc, cpu-dc and gpu-dc."),
    };

    /// <summary>These figures plus others times a factor (watts held for some seconds become joules).</summary>
    public ScopeValues Plus(in ScopeValues other, double factor) => new(
        CpuDc + other.CpuDc * factor,
        GpuDc + other.GpuDc * factor,
        PsuDc + other.PsuDc * factor,
        WallAc + other.WallAc * factor);
}
