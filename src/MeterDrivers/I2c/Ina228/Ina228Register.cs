namespace MeterLab.MeterDrivers.I2c.Ina228;

/// <summary>Registers of the INA228 (TI SLYS021A, table 7-3), most significant byte first; 16 bits where not said.</summary>
internal static class Ina228Register
{
    internal const byte Configuration = 0x00;
    internal const byte AdcConfiguration = 0x01;
    internal const byte ShuntCalibration = 0x02;

    /// <summary>24 bits: a signed number in bits 23 to 4.</summary>
    internal const byte ShuntVoltage = 0x04;

    /// <summary>24 bits: a number in bits 23 to 4, never negative.</summary>
    internal const byte BusVoltage = 0x05;

    /// <summary>Signed.</summary>
    internal const byte DieTemperature = 0x06;

    /// <summary>24 bits: a signed number in bits 23 to 4.</summary>
    internal const byte Current = 0x07;

    /// <summary>24 bits, unsigned whatever the current's sign.</summary>
    internal const byte Power = 0x08;

    /// <summary>40 bits, unsigned.</summary>
    internal const byte Energy = 0x09;

    /// <summary>40 bits, signed.</summary>
    internal const byte Charge = 0x0A;

    internal const byte Diagnostics = 0x0B;
    internal const byte ManufacturerId = 0x3E;
    internal const byte DeviceId = 0x3F;

    /// <summary>Configuration, RSTACC: energy and charge start at 0; clears itself.</summary>
    internal const int ResetAccumulators = 1 << 14;

    /// <summary>Configuration, ADCRANGE: 40.96 mV full scale instead of 163.84 mV.</summary>
    internal const int FineRange = 1 << 4;

    /// <summary>Diagnostics, CNVRF: a conversion has ended; cleared by reading.</summary>
    internal const int ConversionReady = 1 << 1;

    /// <summary>Diagnostics, MATHOF: current or power did not fit its register.</summary>
    internal const int MathOverflow = 1 << 9;

    /// <summary>Diagnostics, CHARGEOF: cleared by reading CHARGE.</summary>
    internal const int ChargeOverflow = 1 << 10;

    /// <summary>Diagnostics, ENERGYOF: cleared by reading ENERGY.</summary>
    internal const int EnergyOverflow = 1 << 11;
}
