namespace MeterLab.VirtualRig.World;

/// <summary>
/// The virtual machine: what it draws at idle, per busy processor, and what its power supply loses. Watts.
/// </summary>
public sealed record WorldParameters
{
    /// <summary>The processor's rail with nothing to do.</summary>
    public double CpuIdleWatts { get; init; } = 14;

    /// <summary>What each fully busy logical processor adds on the processor's rail.</summary>
    public double CpuWattsPerBusyCore { get; init; } = 22;

    /// <summary>Time constant of the rail's answer to load (boost clock, regulator), s; 0 for none.</summary>
    public double CpuRiseSeconds { get; init; } = 0.005;

    /// <summary>More on the processor's rail, whatever the processes do.</summary>
    public Waveform CpuScript { get; init; } = new ConstantWaveform(0);

    /// <summary>The graphics cards with nothing to do.</summary>
    public double GpuIdleWatts { get; init; } = 9;

    /// <summary>What each busy logical processor adds on the graphics rail: work that a host core feeds to the card.</summary>
    public double GpuWattsPerBusyCore { get; init; } = 45;

    /// <summary>More on the graphics rail.</summary>
    public Waveform GpuScript { get; init; } = new ConstantWaveform(0);

    /// <summary>Memory, board, disks, fans: everything else behind the power supply.</summary>
    public Waveform RestScript { get; init; } = new ConstantWaveform(21);

    /// <summary>The power supply's loss that does not depend on its load.</summary>
    public double SupplyFixedLossWatts { get; init; } = 6;

    /// <summary>The part of its output that it loses besides.</summary>
    public double SupplyProportionalLoss { get; init; } = 0.04;

    /// <summary>The loss that grows with the square of its output, 1/W.</summary>
    public double SupplySquareLossPerWatt { get; init; } = 5e-5;

    /// <summary>What else hangs on the socket, behind no supply: a standby converter.</summary>
    public double WallConstantWatts { get; init; } = 1.5;

    /// <summary>Logical processors; no tick draws for more than these.</summary>
    public int LogicalProcessors { get; init; } = Environment.ProcessorCount;

    /// <summary>The wall's power for an output of the supply: output / efficiency(output) + constant.</summary>
    public double WallFor(double psuDc) =>
        psuDc + SupplyFixedLossWatts + SupplyProportionalLoss * psuDc + SupplySquareLossPerWatt * psuDc * psuDc + WallConstantWatts;
}
