using MeterLab.Estimators.Attribution;
using MeterLab.Estimators.Text;
using MeterLab.Measurement;

namespace MeterLab.Estimators.Custom;

/// <summary>Turns a file into claims as its description says.</summary>
internal sealed class CustomReader(CustomDefinition definition)
{
    /// <summary>What the file says.</summary>
    public ClaimSet Read(EstimatorFile file)
    {
        var rows = CustomRow.Read(definition, file, Columns());
        if (definition.Power is not null)
            return Power(file.Path, rows);
        var claims = rows.Select(ToClaim).ToArray();
        var version = rows.Select(row => definition.Version is { } field ? row.Text(field) : null).LastOrDefault(text => text is not null);
        return definition.Rows switch
        {
            CustomRows.Parts when claims.Length > 1 => new ClaimSet(version, [.. claims.Select((claim, i) => claim.Row with { Task = $"{i + 1}" })], [Whole(file.Path, claims)], []),
            CustomRows.Cumulative => new ClaimSet(version, [.. claims.Select(claim => claim.Row with { Cumulative = true })], [.. claims.Select(claim => claim with { Tracker = claim.Row.Run ?? claim.Row.Project ?? file.Path })], []),
            _ => SeriesClaims.Set(version, claims, []),
        };
    }

    private string[] Columns() =>
        [.. new[] { definition.Energy, definition.Power, definition.Duration, definition.Time, definition.Project, definition.Run, definition.Version, definition.PueField }
            .Concat(definition.Components.Values).OfType<CustomField>().Select(field => field.Name).Distinct()];

    private Claim ToClaim(CustomRow row)
    {
        var pue = definition.PueField is null ? definition.Pue : row.Number(definition.PueField) ?? double.NaN;
        var parts = definition.Components.ToDictionary(part => part.Key, part => row.Number(part.Value) / pue);
        var energy = definition.Energy is { } field ? row.Number(field) / pue : parts.Values.Aggregate((double?)0, (sum, part) => sum + part);
        var duration = row.Number(definition.Duration);
        var ended = Time(row) + (definition.TimeIsStart ? duration : 0);
        var why = row.Damage
            ?? (!(pue > 0) ? "has no usable PUE"
            : energy is null ? "has no energy"
            : energy < 0 || parts.Values.Any(part => part < 0) ? "has a negative energy"
            : parts.Values.Any(part => part is null) ? "lacks the energy of a component"
            : definition.Duration is not null && duration is not > 0 ? "has no duration above 0 s"
            : definition.Time is not null && ended is null ? "has no usable time" : null);
        return new Claim
        {
            Row = new EstimatorRow
            {
                Run = definition.Run is { } run ? row.Text(run) : null,
                Project = definition.Project is { } project ? row.Text(project) : null,
                Version = definition.Version is { } version ? row.Text(version) : null,
                EnergyJ = why is null ? energy : null,
                ComponentsJ = why is null ? parts.ToDictionary(part => part.Key, part => part.Value!.Value) : new Dictionary<string, double>(),
                DurationS = duration,
                EndedLocal = ended is { } at ? LocalTimes.Write(at) : null,
                Pue = pue > 0 ? pue : 1,
                Findings = why is null ? [] : [new Finding("damaged-row", Severity.Invalid, $"the row at {row.Place} {why}; its energy is not used")],
            },
            Place = row.Place,
            Tracker = row.Place,
            EndedS = ended,
        };
    }

    private double? Time(CustomRow row) => definition.Time is not { } field ? null
        : definition.TimeFormat == CustomTimeFormat.Unix ? row.Number(field)
        : row.Text(field) is { } text && LocalTimes.Parse(text.TrimEnd('Z')) is { } local ? LocalTimes.AsUtcSeconds(local) : null;

    private Claim Whole(string path, Claim[] claims)
    {
        var names = definition.Components.Count > 0 ? [.. definition.Components.Keys] : new[] { "total" };
        var usable = claims.Where(claim => claim.Row.EnergyJ is not null && claim.EndedS is not null).OrderBy(claim => claim.EndedS).ToArray();
        List<Finding> findings = [new("parts", Severity.Note, $"the {claims.Length} rows of {path} are added up")];
        if (usable.Length < claims.Length)
            findings.Add(new Finding("damaged-row", Severity.Invalid, $"{claims.Length - usable.Length} rows of {path} have no usable energy; their sum is not used"));
        // Without a length a row reaches back to the one before; the first one then has none, and is as long as the second.
        var lengths = usable.Select((claim, i) => claim.Row.DurationS ?? (i > 0 ? claim.EndedS!.Value - usable[i - 1].EndedS!.Value : usable.Length > 1 ? usable[1].EndedS!.Value - claim.EndedS!.Value : 0)).ToArray();
        var series = usable.Length == 0 ? null : new EnergySeries(names, usable.Select((claim, i) => new EnergyInterval(
            claim.EndedS!.Value - lengths[i], claim.EndedS.Value, names is ["total"] ? [claim.Row.EnergyJ!.Value] : [.. names.Select(name => claim.Row.ComponentsJ[name])])));
        return SeriesClaims.Of(path, series, findings, definition.Scopes, claims[0].Row with { Task = null });
    }

    private ClaimSet Power(string path, IReadOnlyList<CustomRow> rows)
    {
        var samples = new List<(double AtS, IReadOnlyList<double> Watts)>();
        foreach (var row in rows.Where(row => row.Damage is null))
        {
            if (Time(row) is { } at && row.Number(definition.Power) is >= 0 and var watts && (samples.Count == 0 || at > samples[^1].AtS))
                samples.Add((at, [watts / definition.Pue]));
        }

        List<Finding> findings = samples.Count == rows.Count ? [] :
            [new("damaged-row", Severity.Warning, $"{rows.Count - samples.Count} of {rows.Count} rows of {path} are not whole, or not later than the row before, and are left out")];
        var claim = SeriesClaims.Of(path, EnergySeries.FromMeanPower(["total"], samples), findings, definition.Scopes, new EstimatorRow { Pue = definition.Pue });
        return SeriesClaims.Set(null, [claim], []);
    }
}
