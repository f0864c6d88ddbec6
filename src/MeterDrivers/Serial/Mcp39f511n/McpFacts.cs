using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers.Fields;

namespace MeterLab.MeterDrivers.Serial.Mcp39f511n;

/// <summary>What is published about the two devices, and where their values lie.</summary>
internal static class McpFacts
{
    /// <summary>The board with two channels.</summary>
    internal const string TwoChannels = "mcp39f511n";

    /// <summary>The chip with one channel, as in some smart relays.</summary>
    internal const string OneChannel = "mcp39f501";

    /// <summary>The first byte of what a poll reads from each.</summary>
    internal const ushort PowersAt = 0x0016;

    /// <inheritdoc cref="PowersAt"/>
    internal const ushort OutputsAt = 0x0004;

    /// <summary>MCP39F511N: both active powers, 4 bytes each.</summary>
    internal static readonly McpSlot[] PowerSlots = [new(0, 4), new(4, 4)];

    /// <summary>MCP39F501: current, voltage, active, reactive and apparent power, power factor, frequency.</summary>
    internal static readonly McpSlot[] OutputSlots = [new(0, 4), new(4, 2), new(6, 4), new(10, 4), new(14, 4), new(18, 2, Signed: true), new(20, 2)];

    private static readonly MeterCaveat Unsigned = new("Its powers have no sign: what flows back counts as drawn.", "the registers hold magnitudes; the sign stands in a status register that is not read");

    /// <summary>The fields of an MCP39F501.</summary>
    internal static readonly MeasuredField[] OutputFields =
    [
        new("total", Quantity.Current, new LinearScale(1e-4), 0),
        new("total", Quantity.Voltage, new LinearScale(0.1), 1),
        new("total", Quantity.ActivePower, new LinearScale(0.01), 2),
        new("total", Quantity.ReactivePower, new LinearScale(0.01), 3),
        new("total", Quantity.ApparentPower, new LinearScale(0.01), 4),
        new("total", Quantity.PowerFactor, new LinearScale(1 / 32768.0), 5),
        new("total", Quantity.Frequency, new LinearScale(1e-3), 6),
    ];

    /// <summary>The sheet of the MCP39F511N at a window of <paramref name="windowSeconds"/>.</summary>
    internal static MeterFacts Two(double windowSeconds) => new()
    {
        Model = TwoChannels,
        Vendor = "Microchip",
        Transports = ["serial"],
        Quantities = [Quantity.ActivePower],
        Accuracy = new Dictionary<Quantity, AccuracyLimit> { [Quantity.ActivePower] = new() { ReadingPercent = 0.5 } },
        Resolution = new Dictionary<Quantity, double>(),
        Response = new MeterResponse(windowSeconds, windowSeconds, 0) { AveragingKnown = true },
        FactsMark = 1,
        Source = "DS20005473B (0.5 % over 4000:1); scale from the range register as one program has it",
        Caveats = [Unsigned],
    };

    /// <summary>The sheet of the MCP39F501, whose accuracy in a product nobody states.</summary>
    internal static readonly MeterFacts One = new()
    {
        Model = OneChannel,
        Vendor = "Microchip",
        Transports = ["serial"],
        Quantities = [.. OutputFields.Select(field => field.Quantity).Order()],
        Accuracy = new Dictionary<Quantity, AccuracyLimit>(),
        Resolution = new Dictionary<Quantity, double>(),
        Response = new MeterResponse(0.32, 0.32, 0),
        FactsMark = 0,
        Source = "register block and a recorded answer by one source; window as the MCP39F511 is shipped, unverified",
        Caveats = [Unsigned],
    };
}
