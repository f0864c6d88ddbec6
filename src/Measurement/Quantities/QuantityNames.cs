namespace MeterLab.Measurement.Quantities;

/// <summary>Names and units of the quantities, as fixed for JSON, YAML and CSV.</summary>
public static class QuantityNames
{
    private static readonly (Quantity Quantity, string Name, string Unit)[] Table =
    [
        (Quantity.Voltage, "voltage", "V"),
        (Quantity.Current, "current", "A"),
        (Quantity.ActivePower, "active-power", "W"),
        (Quantity.ReactivePower, "reactive-power", "var"),
        (Quantity.ApparentPower, "apparent-power", "VA"),
        (Quantity.PowerFactor, "power-factor", "1"),
        (Quantity.PhaseAngle, "phase-angle", "deg"),
        (Quantity.Frequency, "frequency", "Hz"),
        (Quantity.Thd, "thd", "1"),
        (Quantity.EnergyImport, "energy-import", "J"),
        (Quantity.EnergyExport, "energy-export", "J"),
        (Quantity.ReactiveEnergy, "reactive-energy", "var.s"),
        (Quantity.ApparentEnergy, "apparent-energy", "VA.s"),
        (Quantity.Charge, "charge", "C"),
        (Quantity.ShuntVoltage, "shunt-voltage", "V"),
        (Quantity.Temperature, "temperature", "degC"),
    ];

    /// <summary>All names, in the order of the enumeration.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Table.Select(row => row.Name)];

    /// <summary>The fixed name: <c>active-power</c>.</summary>
    public static string NameOf(Quantity quantity) => Table[(int)quantity].Name;

    /// <summary>The SI unit of the values: <c>W</c>.</summary>
    public static string UnitOf(Quantity quantity) => Table[(int)quantity].Unit;

    /// <summary>Finds a quantity by its fixed name; null where there is none.</summary>
    public static Quantity? Find(string name)
    {
        foreach (var row in Table)
        {
            if (row.Name == name)
                return row.Quantity;
        }

        return null;
    }
}
