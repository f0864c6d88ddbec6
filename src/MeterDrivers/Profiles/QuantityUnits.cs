using System.Globalization;

using MeterLab.Measurement.Quantities;

namespace MeterLab.MeterDrivers.Profiles;

/// <summary>
/// The units in which meters hold their quantities, and the factors to the SI units that MeterLab uses: a register in kWh
/// becomes joules here and nowhere else.
/// </summary>
public static class QuantityUnits
{
    /// <summary>The unit text of a quantity that has none.</summary>
    public const string One = "1";

    private static readonly (string Unit, double Factor)[] Energy =
        [("J", 1), ("mJ", 1e-3), ("kJ", 1e3), ("MJ", 1e6), ("mWh", 3.6), ("Wh", 3600), ("kWh", 3.6e6), ("MWh", 3.6e9)];

    private static readonly (string Unit, double Factor)[] Ratio = [(One, 1), ("%", 1e-2), ("ppm", 1e-6)];

    /// <summary>Units of a quantity with their factors to its SI unit.</summary>
    public static IReadOnlyList<(string Unit, double Factor)> Of(Quantity quantity) => quantity switch
    {
        Quantity.Voltage or Quantity.ShuntVoltage => [("V", 1), ("mV", 1e-3), ("uV", 1e-6), ("kV", 1e3)],
        Quantity.Current => [("A", 1), ("mA", 1e-3), ("uA", 1e-6)],
        Quantity.ActivePower => [("W", 1), ("mW", 1e-3), ("kW", 1e3), ("MW", 1e6)],
        Quantity.ReactivePower => [("var", 1), ("kvar", 1e3)],
        Quantity.ApparentPower => [("VA", 1), ("kVA", 1e3)],
        Quantity.PowerFactor or Quantity.Thd => Ratio,
        Quantity.PhaseAngle => [("deg", 1)],
        Quantity.Frequency => [("Hz", 1), ("mHz", 1e-3)],
        Quantity.EnergyImport or Quantity.EnergyExport => Energy,
        Quantity.ReactiveEnergy => [("var.s", 1), ("varh", 3600), ("kvarh", 3.6e6)],
        Quantity.ApparentEnergy => [("VA.s", 1), ("VAh", 3600), ("kVAh", 3.6e6)],
        Quantity.Charge => [("C", 1), ("mAh", 3.6), ("Ah", 3600)],
        Quantity.Temperature => [("degC", 1)],
        _ => throw new ArgumentOutOfRangeException(nameof(quantity)),
    };

    /// <summary>The factor from a unit to the quantity's SI unit; null for a unit that is none of this quantity.</summary>
    public static double? Factor(Quantity quantity, string unit)
    {
        foreach (var (name, factor) in Of(quantity))
        {
            if (name == unit)
                return factor;
        }

        return null;
    }

    /// <summary>
    /// Reads a value with its unit, such as <c>0.5W</c> or <c>0.001kWh</c>, into the SI unit. A number without a unit will do only
    /// for a quantity that has none. On failure <paramref name="problem"/> says what would be right.
    /// </summary>
    public static bool TryParse(string text, Quantity quantity, out double value, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = 0;
        problem = "";
        // The longest unit that fits the end: kWh before Wh, mV before V; the number 1 is no unit at the end of 0.1.
        var unit = Of(quantity).Select(u => u.Unit).Where(u => u != One && text.EndsWith(u, StringComparison.Ordinal))
            .MaxBy(u => u.Length);
        var units = Of(quantity).Where(u => u.Unit != One).Select(u => u.Unit);
        var number = unit is null ? text : text[..^unit.Length];
        if (unit is null && Factor(quantity, One) is null || !double.TryParse(number.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed)
            || !double.IsFinite(parsed))
        {
            problem = $"'{text}' is not a number with a unit of {QuantityNames.NameOf(quantity)}; units: {string.Join(", ", units)}";
            return false;
        }

        value = parsed * (unit is null ? 1 : Factor(quantity, unit)!.Value);
        return true;
    }
}
