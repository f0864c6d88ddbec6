using System.Text;
using System.Text.Json;

using MeterLab.Estimators.Attribution;
using MeterLab.Estimators.Text;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;

namespace MeterLab.Estimators.Scaphandre;

/// <summary>The reports of one JSON file: powers in microwatts, each the mean since the report before.</summary>
internal static class ScaphandreReports
{
    private const double WattsPerMicrowatt = 1e-6;

    private readonly record struct Report(double AtS, double HostW, double? CpuW, double? RamW);

    /// <summary>The file's claim; null where it is none of Scaphandre's.</summary>
    public static Claim? TryRead(EstimatorFile file)
    {
        var text = Encoding.UTF8.GetString(file.Content.Span);
        var (objects, complete) = JsonObjects.Scan(text);
        var reports = objects.Select(TryReport).OfType<Report>().OrderBy(report => report.AtS).DistinctBy(report => report.AtS).ToArray();
        if (reports.Length == 0)
            return null;
        var findings = new List<Finding>();
        if (!complete)
            findings.Add(new Finding("open-array", Severity.Note, $"{file.Path} was not closed, as Scaphandre leaves it when a signal stops it; {reports.Length} whole reports are read"));
        if (reports.Any(report => report.HostW < 0))
            findings.Add(new Finding("negative-energy", Severity.Invalid, $"{file.Path} holds a negative power; its energy is not used"));
        // Sockets and memory may be less than the host: then the host's own sensor was read.
        var parts = reports.All(report => report.CpuW is { } cpu && Math.Abs(cpu + (report.RamW ?? 0) - report.HostW) <= 0.001 * report.HostW);
        if (!parts)
            findings.Add(new Finding("host-sensor", Severity.Note, $"{file.Path}: the host's power is not that of its sockets and memory: the platform domain, or sockets alone"));
        var memory = reports.Any(report => report.RamW is not null);
        var series = parts
            ? EnergySeries.FromMeanPower(["cpu", "ram"], [.. reports.Select(report => (report.AtS, (IReadOnlyList<double>)[report.CpuW!.Value, report.RamW ?? 0]))])
            : EnergySeries.FromMeanPower(["host"], [.. reports.Select(report => (report.AtS, (IReadOnlyList<double>)[report.HostW]))]);
        return SeriesClaims.Of(file.Path, series, findings, memory ? [Scope.CpuPackage, Scope.Dram] : [Scope.CpuPackage]);
    }

    private static Report? TryReport(JsonElement report)
    {
        if (!report.TryGetProperty("host", out var host) || Number(host, "consumption") is not { } power || Number(host, "timestamp") is not { } at)
            return null;
        double? cpu = null, ram = null;
        if (report.TryGetProperty("sockets", out var sockets) && sockets.ValueKind == JsonValueKind.Array)
        {
            foreach (var socket in sockets.EnumerateArray())
            {
                if (Number(socket, "consumption") is { } watts)
                    cpu = (cpu ?? 0) + watts;
                if (Memory(socket) is { } memory)
                    ram = (ram ?? 0) + memory;
            }
        }

        return new Report(at, power * WattsPerMicrowatt, cpu * WattsPerMicrowatt, ram * WattsPerMicrowatt);
    }

    private static double? Memory(JsonElement socket)
    {
        if (!socket.TryGetProperty("domains", out var domains) || domains.ValueKind != JsonValueKind.Array)
            return null;
        foreach (var domain in domains.EnumerateArray())
        {
            if (domain.TryGetProperty("name", out var name) && name.GetString() == "dram")
                return Number(domain, "consumption");
        }

        return null;
    }

    private static double? Number(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;
}
