namespace MeterLab.Measurement.Energy;

/// <summary>
/// One energy from a meter's power and from its own register. Both rest on the same shunt or transformer, so a mean of the two would gain
/// nothing in what matters; the one that is known better is stated, and the other judges it.
/// </summary>
public static class TwoWitnesses
{
    /// <summary>
    /// Reconciles. A disagreement beyond both uncertainties is the finding <c>counter-disagrees</c>: a wrong ratio of a transformer, a wrong
    /// scale, or samples that were lost unseen.
    /// </summary>
    public static EnergyTotal Of(EnergyTotal power, EnergyTotal register)
    {
        ArgumentNullException.ThrowIfNull(power);
        ArgumentNullException.ThrowIfNull(register);
        if (register.EnergyJ is not { } counted || !register.Valid)
            return power with { Findings = [.. power.Findings, .. register.Findings.Where(f => f.Rule == "counter-reset").Select(f => f with { Severity = Severity.Note })] };
        if (power.EnergyJ is not { } integrated)
            return register with { Findings = [.. register.Findings, .. power.Findings.Where(f => f.Severity != Severity.Invalid)] };
        var useRegister = register.UncertaintyJ is { } own && (power.UncertaintyJ is not { } other || own < other);
        var chosen = useRegister ? register : power;
        var findings = new List<Finding>(chosen.Findings);
        if (useRegister)
            findings.Add(new Finding("counter-used", Severity.Note, FormattableString.Invariant($"The meter's energy register knows this window better than its power does ({integrated:G6} J).")));
        if (power.UncertaintyJ is { } a && register.UncertaintyJ is { } b && Math.Abs(integrated - counted) > Math.Sqrt(a * a + b * b))
        {
            findings.Add(new Finding("counter-disagrees", Severity.Warning, FormattableString.Invariant(
                $"The power gives {integrated:G6} J, the meter's own energy register {counted:G6} J; their uncertainties allow {Math.Sqrt(a * a + b * b):G3} J of difference. Check the transformer's ratio, the scale, and lost samples.")));
        }

        return chosen with { Findings = findings };
    }
}
