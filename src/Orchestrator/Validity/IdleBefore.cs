namespace MeterLab.Orchestrator.Validity;

/// <summary>What must hold of a target before a run starts, from the rig file; null asks nothing.</summary>
/// <param name="Cpu">Busy share of all processors, 0 to 1.</param>
/// <param name="Gpu">Busy share of the busiest graphics card, 0 to 1.</param>
/// <param name="TemperatureDegC">Hottest sensor, degC.</param>
public sealed record IdleGates(double? Cpu, double? Gpu, double? TemperatureDegC);

/// <summary>What was seen of it just before a run, in the same units; null where the target does not tell.</summary>
public sealed record IdleBefore(IdleGates Gates, double? Cpu, double? Gpu, double? TemperatureDegC)
{
    /// <summary>The gates that were not met, in words. One that cannot be read is not met.</summary>
    public IEnumerable<string> Broken()
    {
        if (Gates.Cpu is { } cpu && !(Cpu <= cpu))
            yield return Share("its processors", Cpu, cpu);
        if (Gates.Gpu is { } gpu && !(Gpu <= gpu))
            yield return Share("its graphics card", Gpu, gpu);
        if (Gates.TemperatureDegC is { } hot && !(TemperatureDegC <= hot))
        {
            yield return TemperatureDegC is { } now
                ? FormattableString.Invariant($"it had {now:0.0} degC, {hot:0.#} degC are allowed")
                : "its temperature cannot be read";
        }
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"processors {100 * Cpu:0.0} % busy, graphics {100 * Gpu:0.0} % busy, {TemperatureDegC:0.0} degC");

    private static string Share(string what, double? now, double allowed) => now is { } share
        ? FormattableString.Invariant($"{what} were {share * 100:0.0} % busy, {allowed * 100:0.#} % are allowed")
        : $"how busy {what} are cannot be read";
}
