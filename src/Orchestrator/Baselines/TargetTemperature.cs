using System.Globalization;

using MeterLab.Orchestrator.Targets;

namespace MeterLab.Orchestrator.Baselines;

/// <summary>A target's own temperature sensors.</summary>
internal static class TargetTemperature
{
    private const string Script = """
        sys=${METERLAB_SYSROOT:-}/sys
        for f in "$sys"/class/thermal/thermal_zone*/temp "$sys"/class/hwmon/hwmon*/temp*_input; do
          [ -r "$f" ] && cat "$f" 2>/dev/null
        done
        exit 0
        """;

    // A sensor that is not wired reads some constant far outside.
    private const double Coldest = -20;
    private const double Hottest = 150;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <summary>The hottest sensor, degC; null where none can be read. Throws <see cref="TargetException"/>.</summary>
    public static async Task<double?> ReadAsync(ITarget target, CancellationToken cancellationToken)
    {
        var result = await target.RunAsync(["sh", "-c", Script], new CommandOptions(Deadline), cancellationToken).ConfigureAwait(false);
        double? hottest = null;
        foreach (var line in result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (long.TryParse(line.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milli)
                && milli * 1e-3 is > Coldest and < Hottest && !(milli * 1e-3 <= hottest))
                hottest = milli * 1e-3;
        }

        return hottest;
    }
}
