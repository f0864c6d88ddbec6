using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Snmp;

/// <summary>One object that a profile may find in an agent: a field of it with its n filled in.</summary>
/// <param name="Field">The profile's row.</param>
/// <param name="N">Its number in the row; 0 alone.</param>
/// <param name="Oid">The object.</param>
/// <param name="Digits">The object that holds its decimal digits; null where there is none.</param>
internal sealed record SnmpPlace(SnmpField Field, int N, SnmpOid Oid, SnmpOid? Digits)
{
    /// <summary>All objects of a profile, at this unit of a chain.</summary>
    public static IReadOnlyList<SnmpPlace> Of(SnmpMap map, int unit) =>
        [.. map.Fields.SelectMany(field => field.Value.Numbers, (field, n) => new SnmpPlace(
            field,
            n,
            SnmpOid.Parse(ValueField.Fill(field.Oid, n, unit)),
            field.Digits is { } digits ? SnmpOid.Parse(ValueField.Fill(digits, n, unit)) : null))];
}
