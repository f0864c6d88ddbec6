using MeterLab.Measurement.Quantities;
using MeterLab.MeterDrivers.Profiles;

namespace MeterLab.MeterDrivers.Fields;

/// <summary>What the addresses of all profiled families have in common.</summary>
internal static class ProfileUris
{
    /// <summary>The profile of an address, which must be reached by its scheme. Throws <see cref="Measurement.ConfigurationException"/>.</summary>
    public static MeterProfile Find(MeterUri uri, MeterEnvironment environment, string example)
    {
        var model = uri.Model ?? throw uri.Error($"the model is missing; add for instance ?model={example}");
        var profile = new ProfileLibrary(environment.ProfileDirectory).Find(model);
        return profile.Transport(uri.Scheme) is not null
            ? profile
            : throw uri.Error($"{profile.Facts.Model} is not reached by {uri.Scheme}; it speaks {string.Join(", ", profile.Facts.Transports)}");
    }

    /// <summary>The option <c>timeout</c>: above 0, up to a minute.</summary>
    public static TimeSpan Timeout(MeterUri uri, TimeSpan otherwise)
    {
        if (uri.Quantity("timeout", Dimension.Time) is not { } seconds)
            return otherwise;
        return seconds is > 0 and <= 60 ? TimeSpan.FromSeconds(seconds) : throw uri.Error("timeout: a time above 0, up to 1 min, is right");
    }

    /// <summary>An option that is true or false.</summary>
    public static bool Switch(MeterUri uri, string name, bool otherwise = false) => uri.Option(name) switch
    {
        null => otherwise,
        "true" => true,
        "false" => false,
        var text => throw uri.Error($"{name}: '{text}' is not known here; true or false is right"),
    };
}
