using MeterLab.Measurement.Meters;

namespace MeterLab.MeterDrivers;

/// <summary>Opens meters of one family of addresses.</summary>
public interface IMeterOpener
{
    /// <summary>The URI schemes that it opens.</summary>
    IReadOnlyList<string> Schemes { get; }

    /// <summary>The models that it knows without a profile on disk, and the profiles it finds there.</summary>
    IReadOnlyList<MeterFacts> Models(MeterEnvironment environment);

    /// <summary>
    /// Opens the link and returns the meter, called <paramref name="name"/> in its channels. Throws
    /// <see cref="Measurement.ConfigurationException"/> for a wrong address, <see cref="LinkException"/> for a wire that does not open.
    /// </summary>
    Task<IMeter> OpenAsync(MeterUri uri, string name, MeterEnvironment environment, CancellationToken cancellationToken);

    /// <summary>
    /// Opens the meter as it is set, right or wrong, so that its settings can be looked at: nothing is written to it, and wrong settings are no reason to
    /// refuse it. Throws as <see cref="OpenAsync"/> does.
    /// </summary>
    Task<IMeter> OpenAsItIsAsync(MeterUri uri, string name, MeterEnvironment environment, CancellationToken cancellationToken) =>
        OpenAsync(uri, name, environment, cancellationToken);
}
