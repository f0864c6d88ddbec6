namespace MeterLab.MeterDrivers.Modbus;

/// <summary>
/// Schneider's code of a power factor in an IEEE 754 single, -2 to 2 (register list of PM51xx and PM53xx): up to 1 in size it is the
/// power factor, lagging; beyond, 2 - x and -2 - x are the power factor, leading.
/// </summary>
internal static class QuadrantPowerFactor
{
    /// <summary>The bit pattern of the power factor; what is beyond the code's range stays and is judged as any other value.</summary>
    public static long ToSigned(long code)
    {
        var x = BitConverter.Int32BitsToSingle((int)code);
        var factor = x switch
        {
            > 1 and <= 2 => 2 - x,
            < -1 and >= -2 => -2 - x,
            _ => x,
        };
        return BitConverter.SingleToInt32Bits(factor);
    }
}
