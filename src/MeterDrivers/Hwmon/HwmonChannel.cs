using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers.Hwmon;

/// <summary>One channel of a monitored device: its attributes, null where it has none.</summary>
/// <param name="Name">ch1 …; the kernel's number.</param>
/// <param name="Power">In the facts' unit of power.</param>
/// <param name="Current">In the facts' unit of current.</param>
/// <param name="Voltage">In the facts' unit of voltage.</param>
/// <param name="Shunt">The shunt voltage, where it tells whether the chip has lost its calibration.</param>
internal sealed record HwmonChannel(string Name, string? Power, string? Current, string? Voltage, string? Shunt = null)
{
    private const int MostChannels = 16;

    // Current and shunt voltage are read one after the other: a load may have come between by a step or two.
    private const double LostCalibrationSteps = 3;

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
    /// Power now, in the facts' unit of power (of a channel without one: their units of current and voltage multiplied), with the current's sign: a shunt monitor's
    /// driver hands on a chip's power register, which has none.
    /// </summary>
    internal (long Code, SampleFlags Flags) ReadPower(HwmonAttributes attributes, HwmonFacts facts)
    {
        long? current = Current is not null && (Power is null || facts.PowerIsUnsigned) ? attributes.Number(Current) : null;
        var flags = FlagsOf(attributes, facts, current);
        if (Power is null)
            return (current!.Value * attributes.Number(Voltage!), flags);
        var power = attributes.Number(Power);
        return (facts.PowerIsUnsigned && current < 0 ? -Math.Abs(power) : power, flags);
    }

    private SampleFlags FlagsOf(HwmonAttributes attributes, HwmonFacts facts, long? current)
    {
        if (current is not { } code)
            return SampleFlags.None;
        if (facts.LargestCurrent is { } largest && Math.Abs(code) >= largest)
            return SampleFlags.Overflow;
        if (code != 0 || Shunt is null || facts.ShuntUnit is not { } unit)
            return SampleFlags.None;
        // A calibration of 0 makes current and power 0, whatever flows.
        var expected = attributes.Number(Shunt) * unit / facts.ShuntOhms!.Value / facts.CurrentStep;
        return Math.Abs(expected) >= LostCalibrationSteps ? SampleFlags.NotAvailable : SampleFlags.None;
    }
}
