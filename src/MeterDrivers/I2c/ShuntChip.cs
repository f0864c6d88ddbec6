using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;

namespace MeterLab.MeterDrivers.I2c;

/// <summary>What a model of shunt monitor is, whatever shunt it stands at: data, and how a meter is made of it.</summary>
internal sealed record ShuntChip
{
    /// <summary>Model name: <c>ina226</c>.</summary>
    internal required string Model { get; init; }

    /// <summary>How it is told from the others.</summary>
    internal required ChipIdentity Identity { get; init; }

    /// <summary>Largest bus voltage, V.</summary>
    internal required double BusFullScale { get; init; }

    /// <summary>What it measures.</summary>
    internal required IReadOnlyList<Quantity> Quantities { get; init; }

    /// <summary>Limits of error.</summary>
    internal ShuntAccuracy Accuracy { get; init; } = new();

    /// <summary>The data sheet.</summary>
    internal required string Source { get; init; }

    /// <summary>How well the facts are supported: 0 recall, 1 one source, 2 two independent sources.</summary>
    internal required int FactsMark { get; init; }

    /// <summary>How it averages, with the default settings.</summary>
    internal required MeterResponse Response { get; init; }

    /// <summary>The options that it knows beside <see cref="ShuntSettings.CommonOptions"/>.</summary>
    internal required IReadOnlyList<string> Options { get; init; }

    /// <summary>Least significant byte first (PMBus).</summary>
    internal bool LittleEndian { get; init; }

    /// <summary>
    /// Works the settings out before any bus is touched, and returns what makes a meter of an opened chip. Throws
    /// <see cref="Measurement.ConfigurationException"/> where the chip cannot serve this shunt and current.
    /// </summary>
    internal required Func<MeterUri, MeterContext, Func<I2cRegisters, ShuntMonitor>> Prepare { get; init; }

    /// <summary>A window that is known, and a value that is there when it ends.</summary>
    internal static MeterResponse Block(double seconds, bool delayKnown = true) =>
        new(seconds, seconds, 0) { AveragingKnown = true, DelayKnown = delayKnown };

    /// <summary>The data sheet's facts without a shunt: what depends on one is missing or said in the source.</summary>
    internal MeterFacts Facts() => new()
    {
        Model = Model,
        Vendor = "Texas Instruments",
        Transports = ["i2c"],
        Quantities = Quantities,
        Accuracy = Accuracy.WithoutShunt().Where(limit => Quantities.Contains(limit.Key)).ToDictionary(),
        AccuracyLacks = Options.Contains("shunt")
            ? $"the shunt's tolerance and the offset behind it; name them with the model: '{Model}?shunt=2mohm&max-current=20A&bus-voltage=12V&shunt-tolerance=1%'"
            : null,
        Resolution = new Dictionary<Quantity, double>(),
        Response = Response,
        FactsMark = FactsMark,
        Source = Source + Caveat(),
    };

    private string Caveat() => this switch
    {
        { Accuracy.Shunt: null } => "; its accuracy is not known from our sources: name it in the rig file",
        { Accuracy.Bus: null } => "; the accuracy of its bus voltage, and so of power, is not known from our sources",
        _ when Options.Contains("shunt") => "; at 25 degC; the shunt adds its tolerance, "
            + $"{Accuracy.Shunt!.Offset * 1e6:0.#} uV / shunt to the current, and that times the bus voltage to the power",
        _ => "; at 25 degC",
    };
}

/// <summary>What a meter is called and what it needs from the world.</summary>
internal sealed record MeterContext(string Name, MeterEnvironment Environment);
