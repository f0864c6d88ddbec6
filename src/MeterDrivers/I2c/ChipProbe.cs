namespace MeterLab.MeterDrivers.I2c;

/// <summary>
/// The only way to tell an INA219 or INA220 from something else at its address: reset it, and look whether its configuration is what it is
/// after a reset (TI SBOS448G, table 4). That disturbs whoever uses the chip, so it is done only where the address asks for it.
/// </summary>
internal static class ChipProbe
{
    /// <summary>The option's name.</summary>
    internal const string Option = "probe";

    /// <summary>The option's only value.</summary>
    internal const string Reset = "reset";

    private const byte Configuration = 0x00;
    private const ushort ResetBit = 0x8000;
    private const ushort AfterReset = 0x399F;

    /// <summary>Refuses other values of the option.</summary>
    internal static void CheckOption(MeterUri uri)
    {
        if (uri.Option(Option) is { } value && value != Reset)
            throw uri.Error($"{Option}: '{value}' is not possible; {Reset} resets the chip on opening and looks whether it is one");
    }

    /// <summary>Resets the chip. Throws <see cref="MeterException"/> where its configuration is not an INA219's afterwards.</summary>
    internal static void ResetAndCheck(I2cRegisters registers, MeterUri uri)
    {
        registers.Write(Configuration, ResetBit);
        var found = registers.ReadUInt16(Configuration);
        if (found != AfterReset)
        {
            throw new MeterException(
                MeterFailure.WrongDevice, $"{uri}: the chip is no {uri.Model}: its configuration is 0x{found:X4} after a reset, where 0x{AfterReset:X4} belongs. Check the address and the model.");
        }
    }
}
