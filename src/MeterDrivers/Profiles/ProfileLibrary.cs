using MeterLab.Configuration;
using MeterLab.Measurement;

namespace MeterLab.MeterDrivers.Profiles;

/// <summary>The folder of profiles: <c>MODEL.yaml</c> each. A path to a file elsewhere works wherever a model's name does.</summary>
public sealed class ProfileLibrary(string directory)
{
    /// <summary>
    /// The profile of a model or of a path. Throws <see cref="ConfigurationException"/> where there is none, with the nearest name,
    /// and where the file is wrong.
    /// </summary>
    public MeterProfile Find(string modelOrPath)
    {
        ArgumentNullException.ThrowIfNull(modelOrPath);
        if (IsPath(modelOrPath))
            return ProfileLoader.Load(modelOrPath);
        var path = Names.IsName(modelOrPath) ? PathOf(modelOrPath) : null;
        if (path is null || !File.Exists(path))
            throw new ConfigurationException($"the model '{modelOrPath}' is not known; {Nearest.Suggest(modelOrPath, [.. Models()])} (a path to a profile ends in .yaml)");
        var profile = ProfileLoader.Load(path);
        return profile.Facts.Model == modelOrPath
            ? profile
            : throw new ConfigurationException($"the file is called {modelOrPath}, the model in it {profile.Facts.Model}; they must agree", path, 1, "model");
    }

    /// <summary>The names of the models in the folder, sorted; none where the folder is missing.</summary>
    public IReadOnlyList<string> Models() => Directory.Exists(directory)
        ? [.. Directory.EnumerateFiles(directory, "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>All profiles of the folder. Throws as <see cref="Find"/> does.</summary>
    public IReadOnlyList<MeterProfile> All() => [.. Models().Select(Find)];

    private static bool IsPath(string text) =>
        text.Contains('/', StringComparison.Ordinal) || text.EndsWith(".yaml", StringComparison.Ordinal) || text.EndsWith(".yml", StringComparison.Ordinal);

    private string PathOf(string model) => Path.Combine(directory, model + ".yaml");
}
