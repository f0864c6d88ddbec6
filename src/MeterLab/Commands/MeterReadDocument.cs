using MeterLab.Cli.Rendering.Text;
using MeterLab.Measurement.Quantities;
using MeterLab.MeterDrivers;

namespace MeterLab.Cli.Commands;

/// <summary><c>meter read --json</c> (contract, section 5).</summary>
internal sealed record MeterReadDocument(
    string Uri, string Model, IdentityRow Identity, string Time, IReadOnlyList<ReadingRow> Readings)
{
    /// <summary>One complete reading of a meter, addressed as it was asked for, at a moment of UTC.</summary>
    public static MeterReadDocument Of(
        MeterUri uri, IMeter meter, MeterIdentity identity, long utcNs, IReadOnlyList<MeterReading> readings) => new(
        uri.ToString(),
        meter.Facts.Model,
        new IdentityRow(identity.Vendor, identity.Model, identity.Serial, identity.Firmware, identity.Settings, identity.AutoRange),
        Figures.Utc(utcNs),
        [.. readings.Select(ReadingRow.Of)]);
}

/// <summary>What a meter says it is.</summary>
internal sealed record IdentityRow(string Vendor, string? Model, string? Serial, string? Firmware, string? Settings, bool AutoRange);

/// <summary>One value; <paramref name="U"/> is its standard uncertainty.</summary>
internal sealed record ReadingRow(string Channel, string Quantity, double? Value, string Unit, double? U, IReadOnlyList<string> Flags)
{
    /// <summary>A reading with its fixed names. What is no number is null.</summary>
    public static ReadingRow Of(MeterReading reading) => new(
        reading.Channel,
        QuantityNames.NameOf(reading.Quantity),
        Finite(reading.Value),
        QuantityNames.UnitOf(reading.Quantity),
        Finite(reading.StandardUncertainty),
        Figures.Names(reading.Flags));

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
