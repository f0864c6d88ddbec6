using System.Globalization;

using MeterLab.Orchestrator.Baselines;
using MeterLab.Orchestrator.Validity;

namespace MeterLab.Orchestrator.Targets;

/// <summary>How busy a target is, by its own accounting over a second.</summary>
internal static class TargetActivity
{
    // The first line of /proc/stat twice, and the busiest card.
    private const string Script = """
        head -n 1 /proc/stat 2>/dev/null; sleep 1; head -n 1 /proc/stat 2>/dev/null
        if [ "$1" = gpu ]; then nvidia-smi --query-gpu=utilization.gpu --format=csv,noheader,nounits 2>/dev/null | sed 's/^/gpu /'; fi
        exit 0
        """;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>What is seen against the gates, for the parts that these ask for. Throws <see cref="TargetException"/>.</summary>
    public static async Task<IdleBefore> ReadAsync(ITarget target, IdleGates gates, CancellationToken cancellationToken)
    {
        var result = await target.RunAsync(
            ["sh", "-c", Script, "activity", gates.Gpu is null ? "none" : "gpu"], new CommandOptions(Deadline), cancellationToken).ConfigureAwait(false);
        var temperature = gates.TemperatureDegC is null ? null : await TargetTemperature.ReadAsync(target, cancellationToken).ConfigureAwait(false);
        var (cpu, gpu) = Parse(result.Output);
        return new IdleBefore(gates, cpu, gpu, temperature);
    }

    /// <summary>Busy shares, 0 to 1; null where the output does not tell.</summary>
    internal static (double? Cpu, double? Gpu) Parse(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var stats = lines.Where(line => line.StartsWith("cpu ", StringComparison.Ordinal)).Select(Ticks).OfType<long[]>().ToList();
        double? cpu = null;
        if (stats.Count == 2 && stats[1].Sum() > stats[0].Sum())
        {
            // user nice system idle iowait irq softirq steal: the fourth and fifth are rest. Guest time is in user already.
            var rest = stats[1][3] + stats[1][4] - stats[0][3] - stats[0][4];
            cpu = Math.Clamp(1 - rest / (double)(stats[1].Sum() - stats[0].Sum()), 0, 1);
        }

        double? gpu = null;
        foreach (var line in lines.Where(line => line.StartsWith("gpu ", StringComparison.Ordinal)))
        {
            if (double.TryParse(line[4..], NumberStyles.Float, CultureInfo.InvariantCulture, out var percent) && percent is >= 0 and <= 100)
                gpu = Math.Max(gpu ?? 0, percent / 100);
        }

        return (cpu, gpu);
    }

    private static long[]? Ticks(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).ToArray();
        var ticks = new long[words.Length];
        for (var i = 0; i < words.Length; i++)
        {
            if (!long.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out ticks[i]))
                return null;
        }

        return ticks.Length >= 5 ? ticks : null;
    }
}
