using System.Text;

using MeterLab.Estimators.Attribution;
using MeterLab.Measurement;

namespace MeterLab.Estimators.Custom;

/// <summary>
/// An estimator that a user describes in a YAML file: the command that runs it, the file that it writes, where in it the energy stands and
/// in which unit, what it covers. The file's path can stand wherever an estimator's name can.
/// </summary>
public sealed class CustomEstimator : FileEstimator
{
    /// <summary>The name under which the description is kept beside what the estimator wrote.</summary>
    public const string DefinitionFile = "estimator.yaml";

    private const long MaxBytes = 1 << 20;

    private readonly CustomDefinition _definition;

    private CustomEstimator(CustomDefinition definition)
    {
        _definition = definition;
        Facts = new EstimatorFacts
        {
            Name = definition.Name,
            Scopes = definition.Scopes,
            Covers = definition.Covers,
            LeavesOut = definition.LeavesOut,
            RunsOnTarget = true,
            Source = definition.Source,
            Clock = definition.Time is null ? "Its file has no time." : definition.TimeFormat == CustomTimeFormat.Unix ? "Unix time." : "Local time without a zone, taken as UTC.",
            Install = definition.Command.Count > 0 ? $"{definition.Command[0]} on the PATH or named by command:." : "The workload writes its file.",
            OwnFiles = [definition.File],
            Needs = definition.Command.Count > 0 ? [new TargetNeed(NeedKind.Program, definition.Command[0], Essential: true, "it cannot be started")] : [],
        };
    }

    /// <inheritdoc/>
    public override EstimatorFacts Facts { get; }

    /// <summary>The text of its description.</summary>
    public string Definition => _definition.Text;

    /// <summary>Whether a word names a file instead of an estimator.</summary>
    public static bool IsFile(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return word.Contains('/', StringComparison.Ordinal) || word.EndsWith(".yaml", StringComparison.Ordinal) || word.EndsWith(".yml", StringComparison.Ordinal);
    }

    /// <summary>Reads a description. Throws <see cref="ConfigurationException"/> with file, line and key where something is wrong with it.</summary>
    public static CustomEstimator Load(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxBytes })
                throw new ConfigurationException("the file is larger than 1 MiB; it cannot describe an estimator", path);
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ConfigurationException("there is no such file; an estimator is a name, or the path of a file that describes one", path, inner: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"the file cannot be read: {e.Message}", path, inner: e);
        }
    }

    /// <summary>Reads a description from text; <paramref name="file"/> names it in complaints.</summary>
    public static CustomEstimator Parse(string text, string file) => new(CustomFile.Parse(text, file));

    /// <summary>The estimator whose description lies among a run's files; null where there is none.</summary>
    public static CustomEstimator? Among(IReadOnlyList<EstimatorFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return files.FirstOrDefault(file => file.Path == DefinitionFile) is { } file ? Parse(Encoding.UTF8.GetString(file.Content.Span), file.Path) : null;
    }

    /// <inheritdoc/>
    public override EstimatorLaunch? Launch(EstimatorSettings settings, string run)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.SelfTracked || _definition.Command.Count == 0)
            return null;
        var environment = new Dictionary<string, string>(EstimatorLaunch.Plain);
        foreach (var (name, value) in _definition.Environment)
            environment[name] = value.Replace("{run}", run, StringComparison.Ordinal);
        return new EstimatorLaunch(
            [settings.Command ?? _definition.Command[0], .. _definition.Command.Skip(1).Select(word => word.Replace("{run}", run, StringComparison.Ordinal))],
            environment, _definition.StopSignal, _definition.StartTimeS, _definition.StopTimeS);
    }

    private protected override ClaimSet Open(IReadOnlyList<EstimatorFile> files)
    {
        var own = files.Where(file => FilePattern.Matches(_definition.File, file.Path)).ToArray();
        // A single file is meant whatever it is called.
        if (own.Length == 0 && files is [var only] && only.Path != DefinitionFile)
            own = [only];
        return own switch
        {
            [] => throw new ConfigurationException(files.Count == 0 ? $"{Facts.Name} left no file here; its {_definition.File} is wanted" : $"no file here is called as {Facts.Name}'s: {_definition.File}"),
            [var file] => new CustomReader(_definition).Read(file),
            _ => throw new ConfigurationException($"{own.Length} files here are called as {Facts.Name}'s ({string.Join(", ", own.Take(3).Select(file => file.Path))}); which one is meant cannot be told"),
        };
    }
}
