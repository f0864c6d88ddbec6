namespace MeterLab.Measurement.Quantities;

/// <summary>What a power or energy figure covers (contract, section 5).</summary>
public enum Scope
{
    /// <summary>the whole machine at the wall socket, alternating current</summary>
    WallAc,

    /// <summary>all direct-current rails behind the power supply</summary>
    PsuDc,

    /// <summary>the processor's supply rail (12 V EPS)</summary>
    CpuDc,

    /// <summary>the graphics cards' supply (slot and cables)</summary>
    GpuDc,

    /// <summary>the memory's supply</summary>
    DramDc,

    /// <summary>the processor package as its own sensor sees it</summary>
    CpuPackage,

    /// <summary>the memory as the processor's sensor or a model sees it</summary>
    Dram,

    /// <summary>the graphics board as its own sensor sees it</summary>
    Gpu,

    /// <summary>the platform domain of the processor's sensor</summary>
    Psys,
}
