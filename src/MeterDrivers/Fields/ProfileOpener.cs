using MeterLab.Measurement.Meters;
using MeterLab.MeterDrivers.Profiles;
using MeterLab.MeterDrivers.Scanning;

namespace MeterLab.MeterDrivers.Fields;

/// <summary>Opens and looks for the meters of one family that profiles describe: over HTTP, SNMP or SCPI.</summary>
public abstract class ProfileOpener : IMeterScanner
{
    /// <inheritdoc/>
    public abstract IReadOnlyList<string> Schemes { get; }

    /// <summary>A model of the family, for messages.</summary>
    private protected abstract string Example { get; }

    /// <summary>How often a new value is looked for within an update period.</summary>
    private protected abstract int PollsPerUpdate { get; }

    /// <summary>Whether opening refuses a device that does not name itself as the model, or has another vendor's values.</summary>
    private protected virtual bool NamesItself => true;

    /// <inheritdoc/>
    public IReadOnlyList<MeterFacts> Models(MeterEnvironment environment) => [.. Profiles(environment).Select(profile => profile.Facts)];

    /// <inheritdoc/>
    public async Task<IMeter> OpenAsync(MeterUri uri, string name, MeterEnvironment environment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(uri);
        ArgumentNullException.ThrowIfNull(environment);
        uri.AllowOptions(OptionsOf(uri));
        var profile = ProfileUris.Find(uri, environment, Example);
        return await FieldMeter.StartAsync(uri, name, DeviceOf(uri, profile, environment), FieldLimits.Of(profile), environment, PollsPerUpdate, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<ScanReport> ScanAsync(ScanRequest request, MeterEnvironment environment, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(environment);
        MeterProfile[] profiles = [.. Profiles(environment).Where(profile => profile.Transport(request.Place.Scheme) is not null)];
        return new ProfileScanner(this, request, environment, profiles, NamesItself).RunAsync(progress, cancellationToken);
    }

    /// <summary>Whether a profile describes a meter of this family.</summary>
    private protected abstract bool Speaks(MeterProfile profile);

    /// <summary>The options that an address may have.</summary>
    private protected abstract string[] OptionsOf(MeterUri uri);

    /// <summary>The device behind an address, not asked yet. Throws <see cref="Measurement.ConfigurationException"/> for an address that is none.</summary>
    private protected abstract IFieldDevice DeviceOf(MeterUri uri, MeterProfile profile, MeterEnvironment environment);

    private IEnumerable<MeterProfile> Profiles(MeterEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return new ProfileLibrary(environment.ProfileDirectory).All().Where(Speaks);
    }
}
