namespace MeterLab.Measurement.Energy;

/// <summary>The rules that an energy must keep to be used.</summary>
internal static class ValidityRules
{
    /// <summary>What is broken; <paramref name="periodSeconds"/> is the usual spacing of the values.</summary>
    public static IEnumerable<Finding> Of(EnergyTotal total, double periodSeconds, ValidityLimits limits)
    {
        if (total.Coverage < limits.Coverage)
        {
            yield return new Finding("coverage", Severity.Invalid,
                FormattableString.Invariant($"Samples cover {total.Coverage * 100:0.0} % of the window; at least {limits.Coverage * 100:0.##} % is wanted."));
        }

        if (total.LongestGapS > limits.LongestGap * periodSeconds)
        {
            yield return new Finding("longest-gap", Severity.Invalid,
                FormattableString.Invariant($"The longest gap is {total.LongestGapS:0.###} s; {limits.LongestGap:0.##} intervals of {periodSeconds:0.###} s are allowed."));
        }

        if (total.UncertaintyJ is not { } u || total.EnergyJ is not { } e)
            yield break;
        var share = u / Math.Max(Math.Abs(e), double.Epsilon);
        if (share > limits.UncertaintyInvalid)
        {
            yield return new Finding("uncertainty", Severity.Invalid,
                FormattableString.Invariant($"The energy is known to {share * 100:0.0} %; {limits.UncertaintyInvalid * 100:0.##} % is the limit. A longer run or a quicker meter helps."));
        }
        else if (share > limits.UncertaintyWarning)
        {
            yield return new Finding("uncertainty", Severity.Warning,
                FormattableString.Invariant($"The energy is known to {share * 100:0.0} %, more than {limits.UncertaintyWarning * 100:0.##} %."));
        }
    }
}
