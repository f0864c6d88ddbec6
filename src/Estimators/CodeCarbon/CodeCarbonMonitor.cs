using System.Globalization;

using MeterLab.Measurement;

namespace MeterLab.Estimators.CodeCarbon;

/// <summary>
/// How <c>codecarbon monitor</c> is started beside a workload. 3.x takes options and writes its CSV on TERM, as 2.8 does; 2.x takes the
/// interval as a word and has no offline mode, and before 2.8 only INT makes it write.
/// </summary>
internal static class CodeCarbonMonitor
{
    private const double LongestIntervalS = 3600;
    private const string ApiCalls = "30";
    private static readonly Version Newest = new(3, 3);
    private static readonly Version WithOptions = new(3, 0);
    private static readonly Version WithTerm = new(2, 8);

    /// <summary>Throws <see cref="ConfigurationException"/> where the interval is not in whole seconds, all that the tool takes, or the version is none.</summary>
    public static EstimatorLaunch Launch(EstimatorSettings settings, string run)
    {
        var version = settings.Version is { } text ? ParseVersion(text) : Newest;
        return new EstimatorLaunch(
            [settings.Command ?? "codecarbon", "monitor", .. Options(version, Interval(settings.IntervalS))], Environment(run),
            StopSignal: version >= WithTerm ? "TERM" : "INT", StartTimeS: 15, StopTimeS: 20,
            // Printed with the first reading, which start() takes.
            ReadyText: "Energy consumed for RAM");
    }

    private static string? Interval(double? seconds) => seconds switch
    {
        null => null,
        >= 1 and <= LongestIntervalS when seconds == Math.Floor(seconds.Value) => seconds.Value.ToString("0", CultureInfo.InvariantCulture),
        _ => throw new ConfigurationException("codecarbon's interval is in whole seconds, 1s to 3600s", key: "interval"),
    };

    // The country only sets grams of CO2, which are not compared, and keeps the tool off the network.
    private static string[] Options(Version version, string? interval) => version >= WithOptions
        ? ["--offline", "--country-iso-code", "DEU", "--log-level", "info", .. interval is null ? (string[])[] : ["--measure-power-secs", interval]]
        : [interval ?? "15", ApiCalls, "--no-api"];

    private static Dictionary<string, string> Environment(string run) => new()
    {
        ["CODECARBON_PROJECT_NAME"] = run,
        ["CODECARBON_TRACKING_MODE"] = "machine",
        ["CODECARBON_OUTPUT_DIR"] = ".",
        ["CODECARBON_OUTPUT_FILE"] = "emissions.csv",
        // Its time stamps have no zone; this makes them UTC.
        ["TZ"] = "UTC",
        ["PYTHONUNBUFFERED"] = "1",
    };

    private static Version ParseVersion(string text) =>
        Version.TryParse(text.Contains('.', StringComparison.Ordinal) ? text : text + ".0", out var version) && version >= new Version(2, 0)
            ? version
            : throw new ConfigurationException($"'{text}' is no version of codecarbon from 2.0 on; 2.8.4 would be one", key: "version");
}
