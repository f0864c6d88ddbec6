using MeterLab.Measurement.Quantities;
using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Modbus;

/// <summary>How one meter is asked, from its profile and from the options of its address.</summary>
/// <param name="Timeout">How long to wait for an answer.</param>
/// <param name="Retries">How often a failed exchange is repeated before its sample is lost.</param>
/// <param name="InFlight">How many requests may be on their way at once.</param>
/// <param name="AcceptSettings">Whether settings that make figures mislead are accepted.</param>
internal sealed record ModbusMeterOptions(TimeSpan Timeout, int Retries, int InFlight, bool AcceptSettings)
{
    /// <summary>The option that says what becomes of a meter whose settings make its figures mislead.</summary>
    public const string WrongSettings = "wrong-settings";

    /// <summary>Its value that reads the meter nevertheless.</summary>
    public const string Accept = "accept";

    /// <summary>The names of the options.</summary>
    public static IReadOnlyList<string> Names { get; } = ["model", "timeout", "retries", "in-flight", "word-order", WrongSettings];

    /// <summary>Reads them. Throws <see cref="Measurement.ConfigurationException"/> saying what would be right.</summary>
    public static ModbusMeterOptions From(MeterUri uri, RegisterMap map)
    {
        var timeout = uri.Quantity("timeout", Dimension.Time) is { } seconds ? TimeSpan.FromSeconds(seconds) : map.Timeout;
        if (timeout <= TimeSpan.Zero || timeout > TimeSpan.FromMinutes(1))
            throw uri.Error("timeout: a time above 0, up to 1 min, is right");
        var accept = uri.Option(WrongSettings) switch
        {
            null or "refuse" => false,
            Accept => true,
            var text => throw uri.Error($"wrong-settings: '{text}' is not known here; refuse or accept is right"),
        };
        return new ModbusMeterOptions(
            timeout,
            uri.WholeNumber("retries", 1, 0, 10),
            uri.WholeNumber("in-flight", map.InFlight, 1, RegisterLimits.MostInFlight),
            accept);
    }
}
