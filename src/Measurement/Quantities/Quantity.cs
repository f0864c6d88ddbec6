namespace MeterLab.Measurement.Quantities;

/// <summary>A measured quantity; the quantity fixes its unit (<see cref="QuantityNames.UnitOf"/>).</summary>
public enum Quantity
{
    /// <summary>V</summary>
    Voltage,

    /// <summary>A</summary>
    Current,

    /// <summary>W</summary>
    ActivePower,

    /// <summary>var</summary>
    ReactivePower,

    /// <summary>VA</summary>
    ApparentPower,

    /// <summary>1, signed as the meter gives it</summary>
    PowerFactor,

    /// <summary>degrees</summary>
    PhaseAngle,

    /// <summary>Hz</summary>
    Frequency,

    /// <summary>1 (0.05 is 5 %)</summary>
    Thd,

    /// <summary>J taken from the supply, a counter</summary>
    EnergyImport,

    /// <summary>J given back to the supply, a counter</summary>
    EnergyExport,

    /// <summary>var.s</summary>
    ReactiveEnergy,

    /// <summary>VA.s</summary>
    ApparentEnergy,

    /// <summary>C</summary>
    Charge,

    /// <summary>V across the shunt</summary>
    ShuntVoltage,

    /// <summary>degrees Celsius</summary>
    Temperature,
}
