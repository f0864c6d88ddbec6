using MeterLab.Measurement.Quantities;
using MeterLab.MeterDrivers.I2c.Ina226;

namespace MeterLab.MeterDrivers.I2c.Ina3221;

/// <summary>One channel of an INA3221.</summary>
/// <param name="Number">1 to 3, as printed at the pins.</param>
/// <param name="Settings">What is soldered around it.</param>
internal sealed record Ina3221Channel(int Number, ShuntSettings Settings)
{
    /// <summary>Its shunt voltage: 13 bits, signed.</summary>
    internal ChipField Shunt => new((byte)(2 * Number - 1), Signed: true, Shift: 3);

    /// <summary>Its bus voltage.</summary>
    internal ChipField Bus => new((byte)(2 * Number), Signed: true, Shift: 3);

    /// <summary>Its name.</summary>
    internal string Name => $"ch{Number}";
}

/// <summary>How an INA3221 is asked to convert; read from the meter's address.</summary>
internal sealed record Ina3221Plan
{
    internal const double ShuntStep = 40e-6;
    internal const double BusStep = 8e-3;

    /// <summary>The largest code of 13 bits.</summary>
    internal const int FullScale = 4095;

    private const int Channels = 3;
    private const byte Configuration = 0x00;
    private const ushort AfterReset = 0x7127;

    /// <summary>The options beside the common ones.</summary>
    internal static IReadOnlyList<string> Options { get; } = ["shunt", "max-current", "shunt-tolerance", "shunt-tempco", "channels", "shunt-1", "shunt-2", "shunt-3"];

    /// <summary>The channels in use, ascending.</summary>
    internal required IReadOnlyList<Ina3221Channel> Used { get; init; }

    /// <summary>The registers to hold.</summary>
    internal required IReadOnlyList<RegisterSetting> Registers { get; init; }

    /// <summary>Typical time of one shunt and one bus conversion, s.</summary>
    internal required double ChannelSeconds { get; init; }

    /// <summary>Conversions a result.</summary>
    internal required int Average { get; init; }

    /// <summary>Typical time between results, s: all channels, one after the other.</summary>
    internal double UpdateSeconds => Used.Count * Average * ChannelSeconds;

    /// <summary>Reads the options. Throws <see cref="Measurement.ConfigurationException"/> saying what would be right.</summary>
    internal static Ina3221Plan For(MeterUri uri)
    {
        // Critical and warning limits are the user's; the limit of the sum, with no channel in the sum, only marks the chip.
        const byte SumLimit = 0x0E;
        const ushort Mark = 0x7FFC;
        var conversions = ConversionTable.Ina226.Read(uri);
        var used = ChannelsOf(uri);
        var configuration = Ina226Family.Conversions(conversions);
        foreach (var channel in used)
            configuration |= 1 << (15 - channel.Number);
        var configured = new RegisterSetting(Configuration, (ushort)configuration);
        return new Ina3221Plan
        {
            Used = used,
            Registers = configuration == AfterReset ? [new RegisterSetting(SumLimit, Mark, 0xFFFE), configured] : [configured],
            Average = ConversionTable.Ina226.Averages[conversions.Average],
            ChannelSeconds = Ina226Family.Seconds(conversions with { Average = 0 }),
        };
    }

    private static List<Ina3221Channel> ChannelsOf(MeterUri uri)
    {
        var numbers = (uri.Option("channels") ?? "1,2,3").Split(',');
        var channels = new List<Ina3221Channel>();
        for (var number = 1; number <= Channels; number++)
        {
            var text = number.ToString(System.Globalization.CultureInfo.InvariantCulture);
            var ohms = ShuntSettings.Shunts(uri, $"shunt-{text}");
            if (!numbers.Contains(text))
                continue;
            var shunt = ohms ?? ShuntSettings.Shunts(uri, "shunt")
                ?? throw uri.Error($"the option 'shunt' is missing; write for instance shunt=100mohm, or shunt-{text}=100mohm for one channel");
            var most = uri.Quantity("max-current", Dimension.Current) ?? FullScale * ShuntStep / shunt;
            var settings = ShuntSettings.Of(uri, shunt, most);
            ShuntCalibration.CheckFits(uri, settings, FullScale * ShuntStep, $"on channel {text}");
            channels.Add(new Ina3221Channel(number, settings));
        }

        return channels.Count == numbers.Length ? channels : throw uri.Error("channels: some of 1,2,3 are right, each once, for instance channels=1,3");
    }
}
