using MeterLab.Measurement.Quantities;

namespace MeterLab.MeterDrivers.I2c;

/// <summary>What is soldered around a shunt monitor, and how it is asked to convert; read from the meter's address.</summary>
internal sealed record ShuntSettings
{
    /// <summary>The options that every shunt monitor knows.</summary>
    internal static IReadOnlyList<string> OptionNames { get; } =
        ["model", "shunt", "max-current", "shunt-tolerance", "bus-voltage", "average", "conversion-time"];

    /// <summary>The shunt between IN+ and IN-.</summary>
    internal required Ohms Shunt { get; init; }

    /// <summary>The largest current that must be measured; fixes the resolution.</summary>
    internal required Amperes MaxCurrent { get; init; }

    /// <summary>The shunt's own limit of error as a ratio; part of every current, power and energy.</summary>
    internal double ShuntTolerance { get; init; }

    /// <summary>The rail's voltage, which turns an offset of current into one of power; null takes what is measured on opening.</summary>
    internal Volts? BusVoltage { get; init; }

    /// <summary>Index into the chip's list of averages.</summary>
    internal int AverageCode { get; init; }

    /// <summary>Index into the chip's list of conversion times, used for shunt and bus alike.</summary>
    internal int ConversionTimeCode { get; init; }

    /// <summary>Reads the common options. Throws <see cref="Measurement.ConfigurationException"/> saying what would be right.</summary>
    internal static ShuntSettings FromUri(MeterUri uri, ConversionTable table)
    {
        var shunt = Required(uri, "shunt", Dimension.Resistance, "2mohm", 1e-6, 100);
        var current = Required(uri, "max-current", Dimension.Current, "20A", 1e-6, 10_000);
        var tolerance = uri.Quantity("shunt-tolerance", Dimension.Ratio) ?? 0;
        if (tolerance is < 0 or > 0.5)
            throw uri.Error("shunt-tolerance: 0% to 50% is right");
        var voltage = uri.Quantity("bus-voltage", Dimension.Voltage);
        if (voltage <= 0)
            throw uri.Error("bus-voltage: the rail's positive voltage is wanted, for instance 12V");
        return new ShuntSettings
        {
            Shunt = new Ohms(shunt),
            MaxCurrent = new Amperes(current),
            ShuntTolerance = tolerance,
            BusVoltage = voltage is { } v ? new Volts(v) : null,
            AverageCode = Average(uri, table),
            ConversionTimeCode = ConversionTime(uri, table),
        };
    }

    private static double Required(MeterUri uri, string option, Dimension dimension, string example, double min, double max)
    {
        var value = uri.Quantity(option, dimension) ?? throw uri.Error($"the option '{option}' is missing; write for instance {option}={example}");
        return value >= min && value <= max ? value : throw uri.Error($"{option}: {uri.Option(option)} is out of range");
    }

    private static int Average(MeterUri uri, ConversionTable table)
    {
        var average = uri.WholeNumber("average", table.Averages[table.DefaultAverage], 1, 1024);
        var code = Array.IndexOf(table.Averages, average);
        return code >= 0 ? code : throw uri.Error($"average: {average} is not possible; one of {string.Join(", ", table.Averages)} is right");
    }

    private static int ConversionTime(MeterUri uri, ConversionTable table)
    {
        if (uri.Quantity("conversion-time", Dimension.Time) is not { } seconds)
            return table.DefaultTime;
        var code = Array.FindIndex(table.MicroSeconds, us => Math.Abs(us * 1e-6 - seconds) < 1e-9);
        return code >= 0
            ? code
            : throw uri.Error($"conversion-time: not possible; one of {string.Join(", ", table.MicroSeconds.Select(us => us + "us"))} is right");
    }
}

/// <summary>What a chip's converter can be set to; a setting's index is its code.</summary>
/// <param name="Averages">Conversions a result.</param>
/// <param name="MicroSeconds">Typical time of one conversion, us.</param>
/// <param name="DefaultAverage">Code of the average used where the address names none.</param>
/// <param name="DefaultTime">Code of the time used where the address names none.</param>
internal sealed record ConversionTable(int[] Averages, int[] MicroSeconds, int DefaultAverage, int DefaultTime);
