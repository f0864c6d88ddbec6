namespace MeterLab.Estimators;

/// <summary>Something that an estimator needs on a target.</summary>
/// <param name="Kind">How it is looked up.</param>
/// <param name="Name">The program's or module's name, the address, or the file's absolute path, where <c>*</c> stands for any part of a name.</param>
/// <param name="Essential">Whether the estimator does nothing without it; otherwise it does less.</param>
/// <param name="Otherwise">What it means where it is not so, in words.</param>
public sealed record TargetNeed(NeedKind Kind, string Name, bool Essential, string Otherwise)
{
    /// <summary>The Python that a module is looked for in; null takes python3 of the target's PATH.</summary>
    public string? Python { get; init; }

    /// <summary>Needs of one such word stand for one another: one of them must be met. Null where it stands alone.</summary>
    public string? OneOf { get; init; }

    /// <summary>The beginning of the file's path that <c>root:</c> of the rig file replaces; null where nothing does.</summary>
    public string? Root { get; init; }

    /// <summary>An extended regular expression (POSIX) that some line of the address' answer must match.</summary>
    public string Expected { get; init; } = "";

    /// <summary>The file under <c>~/.meterlab</c> on the target that tells curl name, password and certificate; empty where there is none.</summary>
    public string Secrets { get; init; } = "";

    /// <summary>The counters of the processor's own energy sensor.</summary>
    public static TargetNeed Rapl(bool essential, string otherwise) =>
        new(NeedKind.ReadableFile, "/sys/class/powercap/*/energy_uj", essential, otherwise);

    /// <summary>NVIDIA's driver, told by the tool that comes with it.</summary>
    public static TargetNeed Nvidia(bool essential, string otherwise) => new(NeedKind.Program, "nvidia-smi", essential, otherwise);
}
