namespace MeterLab.Measurement.Quantities;

/// <summary>Names of the scopes and which scope contains which.</summary>
public static class Scopes
{
    private static readonly (Scope Scope, string Name)[] Table =
    [
        (Scope.WallAc, "wall-ac"), (Scope.PsuDc, "psu-dc"), (Scope.CpuDc, "cpu-dc"), (Scope.GpuDc, "gpu-dc"),
        (Scope.DramDc, "dram-dc"), (Scope.CpuPackage, "cpu-package"), (Scope.Dram, "dram"), (Scope.Gpu, "gpu"),
        (Scope.Psys, "psys"),
    ];

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Table.Select(row => row.Name)];

    /// <summary>The fixed name: <c>wall-ac</c>.</summary>
    public static string NameOf(Scope scope) => Table[(int)scope].Name;

    /// <summary>Finds a scope by its fixed name; null where there is none.</summary>
    public static Scope? Find(string name)
    {
        foreach (var row in Table)
        {
            if (row.Name == name)
                return row.Scope;
        }

        return null;
    }

    /// <summary>
    /// Whether everything that <paramref name="inner"/> covers also flows through <paramref name="outer"/>.
    /// The wall contains all; the supply rails contain what they feed.
    /// </summary>
    public static bool Contains(Scope outer, Scope inner) => outer == inner || outer switch
    {
        Scope.WallAc => true,
        Scope.PsuDc => inner is not Scope.WallAc,
        Scope.CpuDc => inner is Scope.CpuPackage,
        Scope.GpuDc => inner is Scope.Gpu,
        Scope.DramDc => inner is Scope.Dram,
        _ => false,
    };
}
