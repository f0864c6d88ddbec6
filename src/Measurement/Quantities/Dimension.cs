namespace MeterLab.Measurement.Quantities;

/// <summary>What a number written with a unit measures.</summary>
public enum Dimension
{
    /// <summary>seconds: ns us ms s min h d</summary>
    Time,

    /// <summary>watts: mW W kW</summary>
    Power,

    /// <summary>joules: mJ J kJ MJ Wh kWh</summary>
    Energy,

    /// <summary>ohms: uohm mohm ohm</summary>
    Resistance,

    /// <summary>amperes: uA mA A</summary>
    Current,

    /// <summary>volts: uV mV V kV</summary>
    Voltage,

    /// <summary>a ratio: <c>5%</c> is 0.05, <c>100ppm</c> is 1e-4</summary>
    Ratio,

    /// <summary>bytes: B KiB MiB GiB TiB kB MB GB TB</summary>
    Information,

    /// <summary>kilograms of CO2 equivalent a joule: g/kWh kg/kWh</summary>
    CarbonIntensity,

    /// <summary>degrees Celsius: degC</summary>
    Temperature,

    /// <summary>hertz: Hz kHz MHz</summary>
    Frequency,
}
