using System.Globalization;

using MeterLab.Measurement;

namespace MeterLab.Estimators.MlCo2Impact;

/// <summary>The rated power of a part: what the rig file says, else what the calculator's list says, else nothing.</summary>
internal static class RatedPower
{
    /// <summary>W, or null with a finding that says why; every figure that is not the rig file's own, and every doubt, is a finding.</summary>
    public static double? Of(HardwarePart part, HardwareKind kind, List<Finding> findings)
    {
        var listed = HardwareTable.Find(part.Model, kind);
        if (part.PowerW is { } given)
        {
            if (listed is not null && (listed.Doubt is not null || listed.PowerW != given))
                findings.Add(new Finding("listed-power", Severity.Note, $"{part.Model}: {Watts(given)} of the rig file is used; the calculator lists {Watts(listed.PowerW)}{Doubt(listed)}"));
            return given;
        }

        if (listed is null)
        {
            findings.Add(new Finding("power-unknown", Severity.Invalid,
                $"neither the rig file nor the ML CO2 Impact list knows the power of '{part.Model}'; write it beside the model in the rig file (power: 125W)"));
            return null;
        }

        findings.Add(new Finding("listed-power", listed.Doubt is null ? Severity.Note : Severity.Warning,
            $"{part.Model}: the rig file gives no power, so the calculator's {Watts(listed.PowerW)} is used{Doubt(listed)}"));
        return listed.PowerW;
    }

    private static string Doubt(HardwareEntry entry) => entry.Doubt is null ? "" : $" ({entry.Doubt})";

    private static string Watts(double power) => power.ToString("0.###", CultureInfo.InvariantCulture) + " W";
}
