using System.Text.Json;

using MeterLab.Measurement;
using MeterLab.Orchestrator.Reports;
using MeterLab.Orchestrator.Rigs;
using MeterLab.Storage;

namespace MeterLab.Cli.Hosting;

/// <summary>One command being carried out: its files, its services, and the only way to standard output.</summary>
internal sealed class Session(
    Terminal terminal, Func<Composition> compose, string? rigPath, string? databasePath, bool json) : IAsyncDisposable
{
    private const string DefaultDatabase = "meterlab.db";

    private readonly string? _namedRig = rigPath ?? NonEmpty(Environment.GetEnvironmentVariable(GlobalOptions.RigVariable));
    private Composition? _services;
    private Rig? _rig;
    private bool _shown;

    /// <summary>Where progress and complaints go.</summary>
    public Terminal Terminal { get; } = terminal;

    /// <summary>Whether standard output is for a script.</summary>
    public bool Json { get; } = json;

    /// <summary>The parts that the program is made of, composed when first asked for.</summary>
    public Composition Services => _services ??= compose();

    /// <summary>The rig file's path: from <c>--rig</c>, the environment, or the default.</summary>
    public string RigPath => _namedRig ?? GlobalOptions.DefaultRig;

    /// <summary>Whether there is a rig file to go by: somebody named one, or one lies here.</summary>
    public bool HasRig => _namedRig is not null || File.Exists(RigPath);

    /// <summary>The rig. Throws <see cref="ConfigurationException"/> where its file is missing or wrong.</summary>
    public Rig Rig => _rig ??= LoadRig();

    /// <summary>
    /// The store: from <c>--db</c>, from the rig file, or, where nobody named a rig and there is none here, a file in this folder.
    /// </summary>
    public string StorePath
    {
        get
        {
            if (databasePath is not null)
                return Path.GetFullPath(databasePath);
            return HasRig ? Rig.StorePath : Path.GetFullPath(DefaultDatabase);
        }
    }

    /// <summary>
    /// The rig, for a command that can do without one: null where there is none, and, with a note, where one that nobody named is wrong.
    /// Throws <see cref="ConfigurationException"/> where somebody named one that is missing or wrong.
    /// </summary>
    public Rig? FindRig()
    {
        if (!HasRig)
            return null;
        try
        {
            return Rig;
        }
        catch (ConfigurationException e) when (_namedRig is null)
        {
            Note($"{e.Message}\nso what the rig file says of its meters is not used");
            return null;
        }
    }

    /// <summary>The store for reading, beside whoever writes to it. Throws where there is none.</summary>
    public Store OpenStoreForReading() => Store.OpenForReading(StorePath, Services.StoreOptions);

    /// <summary>The store for writing; made where there is none.</summary>
    public Store OpenStore() => Store.Open(StorePath, Services.StoreOptions);

    /// <summary>
    /// Shows the result, once: <paramref name="document"/> for scripts, <paramref name="text"/> for people.
    /// </summary>
    public void Show<T>(T document, Action<TextWriter> text)
    {
        if (_shown)
            throw new InvalidOperationException("A command shows one result.");
        _shown = true;
        if (Json)
            Terminal.Output.WriteLine(JsonSerializer.Serialize(document, ResultsJson.Options));
        else
            text(Terminal.Output);
    }

    /// <summary>Standard output of a command that has no JSON form, or writes its one document bit by bit.</summary>
    public TextWriter Stream()
    {
        if (_shown)
            throw new InvalidOperationException("A command shows one result.");
        _shown = true;
        return Terminal.Output;
    }

    /// <summary>Tells a person what is going on, on standard error.</summary>
    public void Note(string message) => Terminal.Error.WriteLine(Failures.Plain(message));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _services?.DisposeAsync() ?? ValueTask.CompletedTask;

    private Rig LoadRig()
    {
        if (!File.Exists(RigPath))
        {
            throw new ConfigurationException(
                "there is no such rig file; name one with --rig FILE, or write one with: meterlab init DIR", RigPath);
        }

        return RigFile.Load(RigPath);
    }

    private static string? NonEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
