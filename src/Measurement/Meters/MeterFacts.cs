using MeterLab.Measurement.Quantities;

namespace MeterLab.Measurement.Meters;

/// <summary>What is known of a model of meter from its data sheet, independent of any specimen.</summary>
public sealed record MeterFacts
{
    /// <summary>Vendor and type as on the plate, lower case, hyphens: <c>eastron-sdm630</c>.</summary>
    public required string Model { get; init; }

    /// <summary>The maker.</summary>
    public required string Vendor { get; init; }

    /// <summary>URI schemes that reach it: <c>modbus-rtu</c> …</summary>
    public required IReadOnlyList<string> Transports { get; init; }

    /// <summary>What it measures.</summary>
    public required IReadOnlyList<Quantity> Quantities { get; init; }

    /// <summary>Limits of error by quantity; a quantity that is missing has no known accuracy.</summary>
    public required IReadOnlyDictionary<Quantity, AccuracyLimit> Accuracy { get; init; }

    /// <summary>What <see cref="Accuracy"/> of power leaves out because it depends on what is wired around the meter, in words; null where nothing.</summary>
    public string? AccuracyLacks { get; init; }

    /// <summary>Smallest step of a value by quantity, SI units.</summary>
    public required IReadOnlyDictionary<Quantity, double> Resolution { get; init; }

    /// <summary>Averaging, update period and delay.</summary>
    public required MeterResponse Response { get; init; }

    /// <summary>How well the facts are supported: 0 recall, 1 one source, 2 two independent sources.</summary>
    public int FactsMark { get; init; }

    /// <summary>How well it is supported where each value stands, 0 to 2, where that is known apart from <see cref="FactsMark"/>; null where it is not.</summary>
    public int? RegistersMark { get; init; }

    /// <summary>Data sheet, manual or standard behind the facts.</summary>
    public required string Source { get; init; }

    /// <summary>What a user of this model must know: quirks, and where sources disagree.</summary>
    public IReadOnlyList<MeterCaveat> Caveats { get; init; } = [];
}
