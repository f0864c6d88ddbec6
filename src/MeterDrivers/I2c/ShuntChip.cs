using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;

namespace MeterLab.MeterDrivers.I2c;

/// <summary>What a model of shunt monitor is, whatever shunt it stands at.</summary>
internal sealed record ShuntChip
{
    /// <summary>"TI" in the manufacturer's register of every chip of the family that has one.</summary>
    internal const ushort TexasInstruments = 0x5449;

    /// <summary>Model name: <c>ina226</c>.</summary>
    internal required string Model { get; init; }

    /// <summary>The register with <see cref="TexasInstruments"/>.</summary>
    internal required byte ManufacturerRegister { get; init; }

    /// <summary>The register with the die's number in bits 15 to 4 and its revision below.</summary>
    internal required byte DieRegister { get; init; }

    /// <summary>The die's number.</summary>
    internal required int Die { get; init; }

    /// <summary>Largest bus voltage, V.</summary>
    internal required double BusFullScale { get; init; }

    /// <summary>What the converter can be set to.</summary>
    internal required ConversionTable Conversions { get; init; }

    /// <summary>Limits of error.</summary>
    internal required ShuntAccuracy Accuracy { get; init; }

    /// <summary>What it measures.</summary>
    internal required IReadOnlyList<Quantity> Quantities { get; init; }

    /// <summary>The data sheet.</summary>
    internal required string Source { get; init; }

    /// <summary>Time between results with the default settings, s.</summary>
    internal required double DefaultUpdateSeconds { get; init; }

    /// <summary>The data sheet's facts without a shunt: what depends on one is missing or said in the source.</summary>
    internal MeterFacts Facts() => new()
    {
        Model = Model,
        Vendor = "Texas Instruments",
        Transports = ["i2c"],
        Quantities = Quantities,
        Accuracy = new Dictionary<Quantity, AccuracyLimit>
        {
            [Quantity.ShuntVoltage] = new() { ReadingPercent = Accuracy.ShuntGain * 100, Absolute = Accuracy.ShuntOffset },
            [Quantity.Voltage] = new() { ReadingPercent = Accuracy.BusGain * 100, Absolute = Accuracy.BusOffset },
            [Quantity.Current] = new() { ReadingPercent = Accuracy.ShuntGain * 100 },
            [Quantity.ActivePower] = new() { ReadingPercent = (Accuracy.ShuntGain + Accuracy.BusGain) * 100 },
        },
        AccuracyLacks = $"the shunt's tolerance and the offset behind it; name them with the model: '{Model}?shunt=2mohm&max-current=20A&bus-voltage=12V&shunt-tolerance=1%'",
        Resolution = new Dictionary<Quantity, double>(),
        Response = new MeterResponse(DefaultUpdateSeconds, DefaultUpdateSeconds, 0) { AveragingKnown = true, DelayKnown = true },
        FactsMark = 2,
        Source = Source + "; at 25 degC; the shunt adds its tolerance, "
            + $"{Accuracy.ShuntOffset * 1e6:0.#} uV / shunt to the current, and that times the bus voltage to the power",
    };

    /// <summary>The facts of a chip behind a shunt, without the chip at hand: the settings must say the rail's voltage.</summary>
    internal MeterFacts FactsBehind(ShuntSettings settings, MeterUri uri, double periodSeconds, double powerStep, double? energyStep)
    {
        var volts = settings.BusVoltage?.Value
            ?? throw uri.Error("the option 'bus-voltage' is missing; without the rail at hand write for instance bus-voltage=12V");
        var limits = Accuracy.Limits(settings, volts, powerStep / 2);
        var steps = new Dictionary<Quantity, double> { [Quantity.ActivePower] = powerStep };
        if (energyStep is { } joules)
            steps[Quantity.EnergyImport] = joules;
        return Facts() with
        {
            Response = new MeterResponse(periodSeconds, periodSeconds, 0) { AveragingKnown = true, DelayKnown = true },
            Accuracy = limits.Where(limit => Quantities.Contains(limit.Key)).ToDictionary(),
            AccuracyLacks = null,
            Resolution = steps,
        };
    }
}
