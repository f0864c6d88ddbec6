using NodaTime.Text;

using MeterLab.Cli.Hosting;
using MeterLab.Cli.Rendering.Text;
using MeterLab.Measurement.Quantities;
using MeterLab.MeterDrivers;
using MeterLab.Orchestrator.Rigs;

namespace MeterLab.Cli.Commands;

/// <summary><c>meter read --json</c> (contract, section 5).</summary>
internal sealed record MeterReadDocument(
    string Uri, string Model, IdentityRow Identity, string Time, RigMeterRow? Rig, IReadOnlyList<ReadingRow> Readings)
{
    /// <summary>One complete reading of a meter at a moment of UTC, as the rig file understands it.</summary>
    public static MeterReadDocument Of(
        ChosenMeter chosen, IMeter meter, MeterIdentity identity, long utcNs, IReadOnlyList<MeterReading> readings) => new(
        chosen.Uri.ToString(),
        meter.Facts.Model,
        new IdentityRow(identity.Vendor, identity.Model, identity.Serial, identity.Firmware, identity.Settings, identity.AutoRange),
        Figures.Utc(utcNs),
        chosen.Rig is { } rig ? RigMeterRow.Of(rig, chosen.RigFile!) : null,
        [.. chosen.Describe(readings).Zip(readings, (described, own) => ReadingRow.Of(described, chosen.SourceOf(own)))]);
}

/// <summary>What the rig file says of the meter; values and uncertainties of the readings are with all of it.</summary>
internal sealed record RigMeterRow(string File, string Meter, double CtRatio, CertificateRow? Certificate)
{
    /// <summary>An entry of a rig file.</summary>
    public static RigMeterRow Of(RigMeter meter, string file) => new(
        file,
        meter.Name,
        meter.CtRatio,
        meter.Certificate is { } c ? new CertificateRow(c.Number, LocalDatePattern.Iso.Format(c.Date), c.Gain, c.Uncertainty, 2) : null);
}

/// <summary>The specimen's calibration; <paramref name="Uncertainty"/> of the gain is relative and expanded by <paramref name="K"/>.</summary>
internal sealed record CertificateRow(string Number, string Date, double Gain, double Uncertainty, double K);

/// <summary>What a meter says it is.</summary>
internal sealed record IdentityRow(string Vendor, string? Model, string? Serial, string? Firmware, string? Settings, bool AutoRange);

/// <summary>One value; <paramref name="U"/> is its standard uncertainty, and <paramref name="UFrom"/> who states it: model, certificate or rig-file.</summary>
internal sealed record ReadingRow(string Channel, string Quantity, double? Value, string Unit, double? U, string? UFrom, IReadOnlyList<string> Flags)
{
    /// <summary>A reading with its fixed names. What is no number is null.</summary>
    public static ReadingRow Of(MeterReading reading, AccuracySource source) => new(
        reading.Channel,
        QuantityNames.NameOf(reading.Quantity),
        Finite(reading.Value),
        QuantityNames.UnitOf(reading.Quantity),
        Finite(reading.StandardUncertainty),
        Finite(reading.StandardUncertainty) is null ? null : NameOf(source),
        Figures.Names(reading.Flags));

    private static string? NameOf(AccuracySource source) => source switch
    {
        AccuracySource.Model => "model",
        AccuracySource.Certificate => "certificate",
        AccuracySource.RigFile => "rig-file",
        _ => null,
    };

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
