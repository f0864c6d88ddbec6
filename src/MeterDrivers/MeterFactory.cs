using MeterLab.Measurement.Meters;

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
        foreach (var opener in openers)
        {
            if (opener.Schemes.Contains(uri.Scheme))
                return opener.OpenAsync(uri, name, Environment, cancellationToken);
        }

        var known = openers.SelectMany(opener => opener.Schemes).Distinct().ToArray();
        throw uri.Error($"unknown scheme '{uri.Scheme}'; {Configuration.Nearest.Suggest(uri.Scheme, known)}");
    }
}
