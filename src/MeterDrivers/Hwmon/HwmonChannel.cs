namespace MeterLab.MeterDrivers.Hwmon;

/// <summary>One channel of a monitored device: its attributes, null where it has none.</summary>
/// <param name="Name">ch1 …; the kernel's number.</param>
/// <param name="Power">uW.</param>
/// <param name="Current">mA.</param>
/// <param name="Voltage">mV.</param>
internal sealed record HwmonChannel(string Name, string? Power, string? Current, string? Voltage)
{
    private const int MostChannels = 16;

    /// <summary>The channels that have a power, or a current and a voltage to multiply.</summary>
    internal static IReadOnlyList<HwmonChannel> Of(HwmonAttributes attributes)
    {
        var channels = new List<HwmonChannel>();
        for (var number = 1; number <= MostChannels; number++)
        {
            var text = number.ToString(System.Globalization.CultureInfo.InvariantCulture);
            // A channel that was switched off keeps its last value.
            if (attributes.Text($"in{text}_enable") == "0")
                continue;
            var channel = new HwmonChannel(
                "ch" + text, One($"power{text}_input") ?? One($"power{text}_average"), One($"curr{text}_input"), One($"in{text}_input"));
            if (channel.Power is not null || channel is { Current: not null, Voltage: not null })
                channels.Add(channel);
        }

        return channels;

        string? One(string attribute) => attributes.Has(attribute) ? attribute : null;
    }

    /// <summary>
    /// Power now, uW, with the current's sign: these drivers hand on a chip's power register, which has none.
    /// </summary>
    internal long MicroWatts(HwmonAttributes attributes, bool unsigned)
    {
        if (Power is null)
            return attributes.Number(Current!) * attributes.Number(Voltage!);
        var power = attributes.Number(Power);
        return unsigned && Current is not null && attributes.Number(Current) < 0 ? -Math.Abs(power) : power;
    }
}
