namespace MeterLab.MeterDrivers.I2c.Ina226;

/// <summary>Registers of the INA226 (TI SBOS547, table 4); 16 bits each, most significant byte first.</summary>
internal static class Ina226Register
{
    internal const byte Configuration = 0x00;
    internal const byte ShuntVoltage = 0x01;
    internal const byte BusVoltage = 0x02;
    internal const byte Power = 0x03;
    internal const byte Current = 0x04;
    internal const byte Calibration = 0x05;
    internal const byte MaskEnable = 0x06;
    internal const byte ManufacturerId = 0xFE;
    internal const byte DieId = 0xFF;

    /// <summary>Mask/enable, CVRF: a conversion has ended; cleared by reading.</summary>
    internal const int ConversionReady = 1 << 3;

    /// <summary>Mask/enable, OVF: current or power did not fit its register.</summary>
    internal const int MathOverflow = 1 << 2;
}
