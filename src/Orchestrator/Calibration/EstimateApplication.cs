using MeterLab.Configuration;
using MeterLab.Estimators;
using MeterLab.Measurement;
using MeterLab.Orchestrator.Reconciliation;
using MeterLab.Orchestrator.Reports;

namespace MeterLab.Orchestrator.Calibration;

/// <summary>A calibration on what an estimator wrote anywhere: its own rows, with the energy that the meter would have shown.</summary>
public static class EstimateApplication
{
    /// <summary>The estimator that a file of calibrations is about. Throws <see cref="ConfigurationException"/> where it is about several and none is named.</summary>
    public static string EstimatorOf(CalibrationDocument document, string? name)
    {
        ArgumentNullException.ThrowIfNull(document);
        var known = document.Laws.Select(law => law.Estimator).Distinct(StringComparer.Ordinal).ToArray();
        if (name is not null)
            return known.Contains(name) ? name : throw new ConfigurationException($"--estimator: the calibrations are not about '{name}'; {Nearest.Suggest(name, known)}");
        return known.Length == 1 ? known[0] : throw new ConfigurationException($"the calibrations are about {string.Join(", ", known)}; name one with --estimator");
    }

    /// <summary>
    /// Applies them to every row. Where several calibrations could be meant and <paramref name="target"/> and <paramref name="group"/> do not
    /// choose, a row's figure covers all of those that reach it. Throws <see cref="ConfigurationException"/> where none is left.
    /// </summary>
    public static CalibratedOutput Of(EstimatorOutput output, CalibrationDocument document, string? target, string? group)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(document);
        var own = document.Laws.Where(law => law.Estimator == output.Estimator).ToArray();
        var laws = own.Where(law => (target is null || law.Target == target) && (group is null || law.Group == group)).ToArray();
        if (laws.Length == 0)
        {
            throw new ConfigurationException(
                $"no calibration of {output.Estimator} is for {(group is null ? $"--target {target}" : $"--group {group}")}; there are {string.Join(", ", own.Select(law => law.Group))}");
        }

        var findings = output.Findings.ToList();
        if (laws.Length > 1)
        {
            findings.Add(new Finding("group-unknown", Severity.Warning,
                $"which of {string.Join(", ", laws.Select(law => law.Group))} these rows are is not known; a row's uncertainty covers every one that reaches it. --group chooses"));
        }

        findings.AddRange(Machines(output.Rows, document, laws));
        return new CalibratedOutput
        {
            Calibration = document.Source,
            Estimator = output.Estimator,
            Version = output.Version,
            Rows = [.. output.Rows.Select(row => Row(row, laws))],
            Findings = [.. findings.Select(FindingRows.Of)],
        };
    }

    // A calibration is one machine's. What the rows tell of theirs is compared; where they or the calibration tell nothing, that is said.
    private static IEnumerable<Finding> Machines(IReadOnlyList<EstimatorRow> rows, CalibrationDocument document, CalibrationEntry[] laws)
    {
        var told = rows.SelectMany(row => row.Processors).Distinct(StringComparer.Ordinal).ToArray();
        foreach (var machine in laws.GroupBy(law => (law.Target, law.Fingerprint)))
        {
            var groups = string.Join(", ", machine.Select(law => law.Group));
            // A study knows the processors that its runs used; a campaign a hash of everything, which no file of an estimator holds.
            if (document.SourceKind == "study" && machine.Key.Fingerprint is { Length: > 0 } processors && told.Length > 0)
            {
                var missing = processors.Split(" + ").Where(one => !told.Any(own => own.Contains(one, StringComparison.OrdinalIgnoreCase))).ToArray();
                if (missing.Length > 0)
                {
                    yield return new Finding("fingerprint-changed", Severity.Warning,
                        $"{groups}: the calibration was fitted on {processors}, these rows are of {string.Join(" and ", told)}; it does not hold for another machine");
                }

                continue;
            }

            yield return new Finding("machine-unchecked", Severity.Note,
                $"{groups}: the calibration holds for {machine.Key.Target ?? "the machine"}{(machine.Key.Fingerprint is { } known ? $" ({known})" : "")} alone; nothing here tells whether these rows are of it");
        }
    }

    private static CalibratedRow Row(EstimatorRow row, CalibrationEntry[] laws)
    {
        var findings = row.Findings.ToList();
        var energy = row.Predicted
            ? Unusable("predicted", "a prediction is no observation; it is not calibrated")
            : Together([.. laws.Select(law => (law, Apply(row, law)))]);
        findings.AddRange(energy.Energy.Findings);
        return new CalibratedRow
        {
            Run = row.Run,
            Task = row.Task,
            Project = row.Project,
            EndedLocal = row.EndedLocal,
            EnergyJ = row.EnergyJ,
            DurationS = row.DurationS,
            CalibratedJ = energy.Energy.EnergyJ,
            UncertaintyJ = energy.Energy.UncertaintyJ,
            K = energy.Energy.K,
            Groups = energy.Groups,
            Findings = [.. findings.Select(FindingRows.Of)],
        };
    }

    private static CalibratedEnergy Apply(EstimatorRow row, CalibrationEntry law)
    {
        var further = new List<double>();
        foreach (var term in law.Terms)
        {
            var parts = term.Split(':', 2);
            if (parts is ["gain", var component] && row.ComponentsJ.TryGetValue(component, out var joules))
                further.Add(joules);
            else
                return Unusable("calibration-term", $"{law.Group}: the law has the term {term}, and the row does not tell it").Energy;
        }

        var energy = CalibratedEnergy.Of(law, row.EnergyJ, row.DurationS, 0, further);
        return row.Version is { } version && law.EstimatorVersions.Count > 0 && !law.EstimatorVersions.Contains(version)
            ? energy with
            {
                Findings = [.. energy.Findings, new Finding("estimator-version", Severity.Warning,
                    $"{law.Group}: the row is of version {version}, the calibration of {string.Join(", ", law.EstimatorVersions)}; versions may count differently")],
            }
            : energy;
    }

    private static (CalibratedEnergy Energy, IReadOnlyList<string> Groups) Unusable(string rule, string detail) =>
        (new CalibratedEnergy(null, null, null, [new Finding(rule, Severity.Warning, detail)]), []);

    // One calibration: its own figure. Several: the middle of all that they allow, those that extrapolate left aside where others do not.
    private static (CalibratedEnergy Energy, IReadOnlyList<string> Groups) Together((CalibrationEntry Law, CalibratedEnergy Energy)[] all)
    {
        if (all.Length == 1)
            return (all[0].Energy, all[0].Energy.EnergyJ is null ? [] : [all[0].Law.Group]);
        var inside = all.Where(one => one.Energy.EnergyJ is not null && one.Energy.Findings.Count == 0).ToArray();
        var used = inside.Length > 0 ? inside : all.Where(one => one.Energy.EnergyJ is not null).ToArray();
        if (used.Length == 0)
            return (all[0].Energy with { Findings = [.. all.SelectMany(one => one.Energy.Findings)] }, []);
        var low = used.Min(one => one.Energy.EnergyJ!.Value - one.Energy.UncertaintyJ!.Value);
        var high = used.Max(one => one.Energy.EnergyJ!.Value + one.Energy.UncertaintyJ!.Value);
        return (new CalibratedEnergy((low + high) / 2, (high - low) / 2, used.Max(one => one.Energy.K), [.. used.SelectMany(one => one.Energy.Findings)]),
            [.. used.Select(one => one.Law.Group)]);
    }
}
