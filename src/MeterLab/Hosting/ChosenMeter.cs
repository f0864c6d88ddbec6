using MeterLab.Configuration;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.MeterDrivers;
using MeterLab.Orchestrator.Rigs;

namespace MeterLab.Cli.Hosting;

/// <summary>A meter that a command was asked for, and its entry in the rig file, where it has one: ratio, certificate and accuracy are of this specimen.</summary>
/// <param name="Uri">Its address.</param>
/// <param name="Rig">Its entry in the rig file; null where that has none, or there is no rig file.</param>
/// <param name="RigFile">The rig file, as the user named it; null where <paramref name="Rig"/> is.</param>
internal sealed record ChosenMeter(MeterUri Uri, RigMeter? Rig, string? RigFile)
{
    private const string NameWithoutRig = "meter";
    private const string Example = "modbus-tcp://10.0.0.20:502/1?model=eastron-sdm630";

    /// <summary>What it is called in channels and messages.</summary>
    public string Name => Rig?.Name ?? NameWithoutRig;

    /// <summary>The readings as this rig understands them.</summary>
    public IReadOnlyList<MeterReading> Describe(IReadOnlyList<MeterReading> readings) => Rig is null ? readings : [.. readings.Select(Rig.Describe)];

    /// <summary>A trace as this rig understands it.</summary>
    public TraceDescription Describe(TraceDescription trace) => Rig?.Describe(trace) ?? trace;

    /// <summary>Who states the limits of error of one of the meter's own readings.</summary>
    public AccuracySource SourceOf(MeterReading reading) =>
        Rig?.SourceOf(reading.Quantity, reading.Accuracy) ?? (reading.Accuracy is null ? AccuracySource.Nobody : AccuracySource.Model);

    /// <summary>What the rig file makes of the meter's own figures, in words; null where it does not name the meter.</summary>
    public string? Words
    {
        get
        {
            if (Rig is null)
                return null;
            List<string> said = [];
            if (Rig.CtRatio != 1)
                said.Add(FormattableString.Invariant($"current, power and energy times {Rig.CtRatio:G6} (ct-ratio)"));
            if (Rig.Certificate is { } certificate)
                said.Add(FormattableString.Invariant($"power and energy times {certificate.Gain:G6} (certificate {certificate.Number} of {certificate.Date:uuuu-MM-dd})"));
            if (Rig.Accuracy.Count > 0)
                said.Add($"accuracy of {string.Join(", ", Rig.Accuracy.Keys.Order().Select(QuantityNames.NameOf))} stated there");
            return $"meter '{Rig.Name}' of {RigFile}: {(said.Count == 0 ? "figures and accuracy are the model's" : string.Join("; ", said))}";
        }
    }

    /// <summary>
    /// The meter that a word means: an address, or the name of a meter of the rig file. An address that stands in the rig file means that meter.
    /// Throws <see cref="ConfigurationException"/> where it is neither, and for a rig file that was named and is wrong.
    /// </summary>
    public static ChosenMeter Find(Session session, string word)
    {
        if (Names.IsName(word))
            return ByName(session, word);
        var uri = MeterUri.Parse(word);
        if (session.FindRig() is not { } rig)
            return new ChosenMeter(uri, null, null);
        if (rig.Meters.FirstOrDefault(meter => meter.Uri.Means(uri)) is { } same)
            return new ChosenMeter(uri, same, rig.File);
        if (rig.Meters.FirstOrDefault(meter => meter.Uri.IsBeside(uri)) is { } beside)
            session.Note($"{rig.File} has {beside.Uri} as '{beside.Name}', with another port or other options: what it says of that meter is not used. `{beside.Name}` instead of the address uses it");
        return new ChosenMeter(uri, null, null);
    }

    private static ChosenMeter ByName(Session session, string name)
    {
        if (!session.HasRig)
            throw new ConfigurationException($"'{name}' is no meter address ({Example}), and there is no {session.RigPath} here that could have a meter of that name");
        var rig = session.Rig;
        var names = rig.Meters.Select(meter => meter.Name).ToArray();
        return rig.FindMeter(name) is { } found
            ? new ChosenMeter(found.Uri, found, rig.File)
            : throw new ConfigurationException(
                $"there is no meter '{name}'; {(names.Length == 0 ? "the file has no meters" : Nearest.Suggest(name, names))}, and it is no address ({Example})", rig.File);
    }
}
