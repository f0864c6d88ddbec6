using MeterLab.Measurement.Quantities;

namespace MeterLab.MeterDrivers.I2c;

/// <summary>What a chip's converter can be set to; a setting's index is its code.</summary>
/// <param name="Averages">Conversions a result.</param>
/// <param name="MicroSeconds">Typical time of one conversion, us.</param>
/// <param name="DefaultAverage">Code of the average used where the address names none.</param>
/// <param name="DefaultTime">Code of the time used where the address names none.</param>
internal sealed record ConversionTable(int[] Averages, int[] MicroSeconds, int DefaultAverage, int DefaultTime)
{
    private static readonly int[] PowersOfFour = [1, 4, 16, 64, 128, 256, 512, 1024];

    /// <summary>INA226 and its relatives (TI SBOS547B, tables 6 and 7): 10.6 ms by default.</summary>
    internal static ConversionTable Ina226 { get; } = new(PowersOfFour, [140, 204, 332, 588, 1100, 2116, 4156, 8244], 2, 2);

    /// <summary>INA228 and its relatives (TI SLYS021A, table 7-6): 9.8 ms by default.</summary>
    internal static ConversionTable Ina228 { get; } = new(PowersOfFour, [50, 84, 150, 280, 540, 1052, 2074, 4120], 2, 3);

    /// <summary>INA219 and its relatives (TI SBOS448G, table 5), which average at 12 bits (532 us) only: 8.5 ms by default.</summary>
    internal static ConversionTable Ina219 { get; } = new([1, 2, 4, 8, 16, 32, 64, 128], [84, 148, 276, 532], 3, 3);

    /// <summary>Reads average and conversion times. Throws <see cref="Measurement.ConfigurationException"/> saying what would be right.</summary>
    internal ConversionSettings Read(MeterUri uri)
    {
        var average = uri.WholeNumber("average", Averages[DefaultAverage], 1, Averages[^1]);
        var code = Array.IndexOf(Averages, average);
        if (code < 0)
            throw uri.Error($"average: {average} is not possible; one of {string.Join(", ", Averages)} is right");
        var both = Time(uri, "conversion-time", DefaultTime);
        return new ConversionSettings(
            code, Time(uri, "bus-conversion-time", both), Time(uri, "shunt-conversion-time", both), Time(uri, "temperature-conversion-time", 0));
    }

    private int Time(MeterUri uri, string option, int otherwise)
    {
        if (uri.Quantity(option, Dimension.Time) is not { } seconds)
            return otherwise;
        var code = Array.FindIndex(MicroSeconds, us => Math.Abs(us * 1e-6 - seconds) < 1e-9);
        return code >= 0 ? code : throw uri.Error($"{option}: not possible; one of {string.Join(", ", MicroSeconds.Select(us => us + "us"))} is right");
    }
}

/// <summary>Codes of average and conversion times.</summary>
internal readonly record struct ConversionSettings(int Average, int Bus, int Shunt, int Temperature);
