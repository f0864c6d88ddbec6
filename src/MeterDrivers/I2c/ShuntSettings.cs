using MeterLab.Measurement.Quantities;

namespace MeterLab.MeterDrivers.I2c;

/// <summary>What is soldered around a shunt monitor; read from the meter's address.</summary>
internal sealed record ShuntSettings
{
    private const double LargestOhms = 100;
    private const double SmallestOhms = 1e-6;

    /// <summary>The options of every chip, whatever its shunt.</summary>
    internal static IReadOnlyList<string> CommonOptions { get; } =
        ["model", "bus-voltage", "temperature-span", "average", "conversion-time", "bus-conversion-time", "shunt-conversion-time"];

    /// <summary>The options of a shunt outside the chip.</summary>
    internal static IReadOnlyList<string> ShuntOptions { get; } = ["shunt", "max-current", "current-step", "shunt-tolerance", "shunt-tempco"];

    /// <summary>The shunt between IN+ and IN-, or the one inside the chip.</summary>
    internal required Ohms Shunt { get; init; }

    /// <summary>The largest current that must be measured; fixes the resolution.</summary>
    internal required Amperes MaxCurrent { get; init; }

    /// <summary>The shunt's own limit of error as a ratio; part of every current, power and energy.</summary>
    internal double ShuntTolerance { get; init; }

    /// <summary>The shunt's temperature coefficient, 1/K.</summary>
    internal double ShuntTempco { get; init; }

    /// <summary>How far from 25 degC chip and shunt may be, K: limits of error grow by their drift over it.</summary>
    internal double TemperatureSpan { get; init; }

    /// <summary>The rail's voltage, which turns an offset of current into one of power; null takes what is measured on opening.</summary>
    internal Volts? BusVoltage { get; init; }

    /// <summary>A shunt outside the chip. Throws <see cref="Measurement.ConfigurationException"/> saying what would be right.</summary>
    internal static ShuntSettings External(MeterUri uri)
    {
        var shunt = Shunts(uri, "shunt") ?? throw uri.Error("the option 'shunt' is missing; write for instance shunt=2mohm");
        var current = uri.Quantity("max-current", Dimension.Current)
            ?? throw uri.Error("the option 'max-current' is missing; write for instance max-current=20A");
        if (current is < 1e-6 or > 10_000)
            throw uri.Error($"max-current: {uri.Option("max-current")} is out of range");
        return Of(uri, shunt, current);
    }

    /// <summary>A shunt inside the chip: its resistance and largest current are the model's.</summary>
    internal static ShuntSettings Internal(MeterUri uri, double ohms, double maxAmperes) => Of(uri, ohms, maxAmperes);

    /// <summary>A shunt's resistance from an option, ohm; null where the option is missing.</summary>
    internal static double? Shunts(MeterUri uri, string option) => uri.Quantity(option, Dimension.Resistance) switch
    {
        null => null,
        < SmallestOhms or > LargestOhms => throw uri.Error($"{option}: {uri.Option(option)} is out of range"),
        var ohms => ohms,
    };

    /// <summary>The settings around a shunt of known resistance.</summary>
    internal static ShuntSettings Of(MeterUri uri, double ohms, double maxAmperes)
    {
        var voltage = uri.Quantity("bus-voltage", Dimension.Voltage);
        if (voltage <= 0)
            throw uri.Error("bus-voltage: the rail's positive voltage is wanted, for instance 12V");
        return new ShuntSettings
        {
            Shunt = new Ohms(ohms),
            MaxCurrent = new Amperes(maxAmperes),
            ShuntTolerance = Within(uri, "shunt-tolerance", Dimension.Ratio, 0.5, "0% to 50%"),
            ShuntTempco = Within(uri, "shunt-tempco", Dimension.Ratio, MostTempco, "0ppm to 16383ppm a kelvin"),
            TemperatureSpan = Within(uri, "temperature-span", Dimension.Temperature, 150, "0degC to 150degC"),
            BusVoltage = voltage is { } v ? new Volts(v) : null,
        };
    }

    // 14 bits of ppm/K in the chip that compensates; far beyond any shunt.
    private const double MostTempco = 16383e-6;

    private static double Within(MeterUri uri, string option, Dimension dimension, double most, string right)
    {
        var value = uri.Quantity(option, dimension) ?? 0;
        return value >= 0 && value <= most * (1 + 1e-9) ? value : throw uri.Error($"{option}: {right} is right");
    }
}
