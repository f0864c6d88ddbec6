using System.Text;
using System.Text.Json;

using MeterLab.Estimators.Attribution;
using MeterLab.Estimators.Text;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Perun;

/// <summary>perun's JSON: a tree of applications, repetitions, runs, hosts, devices; the runs' metrics are taken.</summary>
internal static class PerunJson
{
    private const int RunNode = 3;

    private static readonly (string Metric, string Component, Scope Scope)[] Parts =
        [("cpu_energy", "cpu", Scope.CpuPackage), ("gpu_energy", "gpu", Scope.Gpu), ("dram_energy", "ram", Scope.Dram)];

    /// <summary>The runs of a file; none where it is not perun's.</summary>
    public static IEnumerable<Claim> Read(EstimatorFile file)
    {
        if (JsonLines.TryParse(Encoding.UTF8.GetString(file.Content.Span)) is not { } root || !root.TryGetProperty("nodes", out _) || !root.TryGetProperty("metrics", out _))
            return [];
        return Runs(root, null).Select((run, i) => ToClaim(file, i, run.Node, run.Start));
    }

    // The start is the name of the repetition above: a time.
    private static IEnumerable<(JsonElement Node, string? Start)> Runs(JsonElement node, string? start)
    {
        var id = node.TryGetProperty("id", out var name) ? name.ToString() : null;
        if (id is not null && LocalTimes.Parse(id) is not null)
            start = id;
        if (node.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.Number && type.TryGetInt32(out var kind) && kind == RunNode)
            return [(node, start)];
        return Children(node).SelectMany(child => Runs(child, start));
    }

    // The children are an object by name, which some versions put into a list of one.
    private static IEnumerable<JsonElement> Children(JsonElement node)
    {
        if (!node.TryGetProperty("nodes", out var nodes))
            return [];
        var objects = nodes.ValueKind == JsonValueKind.Array ? nodes.EnumerateArray().ToArray() : [nodes];
        return objects.Where(item => item.ValueKind == JsonValueKind.Object).SelectMany(item => item.EnumerateObject())
            .Select(property => property.Value).Where(child => child.ValueKind == JsonValueKind.Object);
    }

    private static Claim ToClaim(EstimatorFile file, int index, JsonElement node, string? startText)
    {
        var place = $"{file.Path}, run {(node.TryGetProperty("id", out var id) ? id.ToString() : index)}";
        var energy = Metric(node, "energy");
        var duration = Metric(node, "runtime");
        var parts = Parts.Select(part => (part, Joules: Metric(node, part.Metric))).Where(part => part.Joules is not null).ToArray();
        var ended = startText is not null && LocalTimes.Parse(startText) is { } local ? LocalTimes.AsUtcSeconds(local) + duration : null;
        var usable = energy is >= 0 && duration is > 0;
        return new Claim
        {
            Row = new EstimatorRow
            {
                Run = startText,
                EnergyJ = usable ? energy : null,
                ComponentsJ = usable ? parts.ToDictionary(part => part.part.Component, part => part.Joules!.Value) : new Dictionary<string, double>(),
                DurationS = duration,
                EndedLocal = ended is { } at ? LocalTimes.Write(at) : null,
                Findings = usable ? [] : [new Finding("damaged-row", Severity.Invalid, $"{place} has no energy or no runtime; its energy is not used")],
            },
            Place = place,
            Tracker = place,
            EndedS = ended,
            // Its start is written before its sampling begins.
            StampStepS = 5,
            Scopes = parts.Length > 0 ? [.. parts.Select(part => part.part.Scope)] : null,
        };
    }

    private static double? Metric(JsonElement node, string name)
    {
        if (!node.TryGetProperty("metrics", out var metrics) || metrics.ValueKind != JsonValueKind.Object || !metrics.TryGetProperty(name, out var metric)
            || metric.ValueKind != JsonValueKind.Object || !metric.TryGetProperty("value", out var value) || value.ValueKind != JsonValueKind.Number)
            return null;
        var magnitude = metric.TryGetProperty("metric_md", out var about) && about.ValueKind == JsonValueKind.Object && about.TryGetProperty("mag", out var mag)
            && mag.ValueKind == JsonValueKind.Number ? mag.GetDouble() : 1;
        return value.GetDouble() * magnitude;
    }
}
