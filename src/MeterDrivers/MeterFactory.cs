using MeterLab.Measurement.Meters;
using MeterLab.MeterDrivers.Scanning;
using MeterLab.MeterDrivers.Settings;

namespace MeterLab.MeterDrivers;

/// <summary>Opens any meter by its address, whatever wire it is on.</summary>
public sealed class MeterFactory(MeterEnvironment environment, IReadOnlyList<IMeterOpener> openers)
{
    /// <summary>What the drivers share.</summary>
    public MeterEnvironment Environment { get; } = environment;

    /// <summary>All models, of code and of profiles, by name.</summary>
    public IReadOnlyList<MeterFacts> Models() =>
        [.. openers.SelectMany(opener => opener.Models(Environment)).DistinctBy(facts => facts.Model).OrderBy(facts => facts.Model, StringComparer.Ordinal)];

    /// <summary>Opens a meter. Throws as <see cref="IMeterOpener.OpenAsync"/> does.</summary>
    public Task<IMeter> OpenAsync(MeterUri uri, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return OpenerOf(uri).OpenAsync(uri, name, Environment, cancellationToken);
    }

    /// <summary>Opens a meter whose settings are to be looked at. Throws as <see cref="IMeterOpener.OpenAsItIsAsync"/> does, and for a kind of meter that tells none.</summary>
    public async Task<IMeterSettings> OpenSettingsAsync(MeterUri uri, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(uri);
        var meter = await OpenerOf(uri).OpenAsItIsAsync(uri, name, Environment, cancellationToken).ConfigureAwait(false);
        if (meter is IMeterSettings settings)
            return settings;
        await meter.DisposeAsync().ConfigureAwait(false);
        throw uri.Error("this kind of meter has no settings that MeterLab can read");
    }

    /// <summary>Looks for meters at a place, reading only. Throws as <see cref="IMeterScanner.ScanAsync"/> does.</summary>
    public Task<ScanReport> ScanAsync(ScanRequest request, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var scanners = string.Join(", ", openers.OfType<IMeterScanner>().SelectMany(scanner => scanner.Schemes));
        return OpenerOf(request.Place) is IMeterScanner scanner
            ? scanner.ScanAsync(request, Environment, progress, cancellationToken)
            : throw request.Place.Error($"meters are not looked for by '{request.Place.Scheme}'; {scanners} can be scanned");
    }

    private IMeterOpener OpenerOf(MeterUri uri)
    {
        foreach (var opener in openers)
        {
            if (opener.Schemes.Contains(uri.Scheme))
                return opener;
        }

        var known = openers.SelectMany(opener => opener.Schemes).Distinct().ToArray();
        throw uri.Error($"unknown scheme '{uri.Scheme}'; {Configuration.Nearest.Suggest(uri.Scheme, known)}");
    }
}
