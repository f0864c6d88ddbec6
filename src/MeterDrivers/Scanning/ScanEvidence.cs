using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;

namespace MeterLab.MeterDrivers.Scanning;

/// <summary>
/// Whether values that were read by a model's map can be a meter's: a map of another model gives, with other addresses, types or word orders, voltages
/// and frequencies that no supply has, or a power that voltage and current cannot make.
/// </summary>
internal sealed class ScanEvidence
{
    // Public supplies are within 1 % of 50 or 60 Hz; generators are not.
    private const double LowestHertz = 45;
    private const double HighestHertz = 66;

    // Room for classes of 1 %, for values that are not read at one moment, and for a meter's own rounding.
    private const double PowerRoom = 1.1;
    private const double PowerFloorWatts = 5;

    private ScanEvidence(ScanCertainty certainty, int weight, string words)
    {
        Certainty = certainty;
        Weight = weight;
        Words = words;
    }

    /// <summary>How sure the values make the model.</summary>
    public ScanCertainty Certainty { get; }

    /// <summary>How many values other than zero it explains.</summary>
    public int Weight { get; }

    /// <summary>What was seen.</summary>
    public string Words { get; }

    /// <summary>Judges a complete reading; null where it cannot be this model, or where everything is zero and nothing speaks for it.</summary>
    public static ScanEvidence? Of(IReadOnlyList<MeterReading> readings)
    {
        var known = readings.Where(reading => reading.Value is { } value && double.IsFinite(value)).ToList();
        if (readings.Any(reading => (reading.Flags & SampleFlags.Implausible) != 0 || (reading.Value is { } value && !double.IsFinite(value))))
            return null;
        var frequency = known.Find(reading => reading is { Quantity: Quantity.Frequency, Value: not 0 });
        if (frequency is { Value: < LowestHertz or > HighestHertz } || known.Any(reading => IsImpossible(reading, known)))
            return null;
        var weight = known.Count(reading => reading.Value != 0);
        if (weight == 0)
            return null;
        var voltage = known.Find(reading => reading is { Quantity: Quantity.Voltage, Value: not 0 });
        List<string> seen = [];
        foreach (var reading in new[] { voltage, frequency, known.Find(reading => reading.Quantity == Quantity.ActivePower) })
        {
            if (reading is not null)
                seen.Add(FormattableString.Invariant($"{reading.Value:0.0##} {QuantityNames.UnitOf(reading.Quantity)}"));
        }

        var certainty = voltage is not null && frequency is not null ? ScanCertainty.Likely : ScanCertainty.Possible;
        return new ScanEvidence(certainty, weight, $"all {readings.Count} values of the model can be read, with {string.Join(", ", seen)}");
    }

    // More power than volts times amperes, a power factor beyond one: this map reads something else.
    private static bool IsImpossible(MeterReading reading, List<MeterReading> all)
    {
        var value = Math.Abs(reading.Value!.Value);
        if (reading.Quantity == Quantity.PowerFactor)
            return value > 1.001;
        // The total of a three-phase meter has a mean of the voltages beside the sum of the powers.
        if (reading.Quantity != Quantity.ActivePower || all.Any(other => other.Channel == "l1" && reading.Channel == "total"))
            return false;
        return Of(Quantity.Voltage) is { } volts && Of(Quantity.Current) is { } amperes && value > Math.Abs(volts * amperes) * PowerRoom + PowerFloorWatts;

        double? Of(Quantity quantity) => all.Find(other => other.Channel == reading.Channel && other.Quantity == quantity)?.Value;
    }
}
