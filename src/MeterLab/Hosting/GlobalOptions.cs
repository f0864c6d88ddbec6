using System.CommandLine;

namespace MeterLab.Cli.Hosting;

/// <summary>The options that every command takes.</summary>
internal sealed class GlobalOptions
{
    /// <summary>Names the rig file where <see cref="Rig"/> does not.</summary>
    public const string RigVariable = "METERLAB_RIG";

    /// <summary>The rig file where nothing names one.</summary>
    public const string DefaultRig = "rig.yaml";

    /// <summary>The rig file.</summary>
    public Option<string?> Rig { get; } = new("--rig")
    {
        Description = $"the rig file (default: {DefaultRig}, or {RigVariable})",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>The store, instead of the rig's.</summary>
    public Option<string?> Database { get; } = new("--db")
    {
        Description = "the store, instead of the rig's",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>Stack traces.</summary>
    public Option<bool> Verbose { get; } = new("--verbose") { Description = "say more when something fails", Recursive = true };

    /// <summary>Adds them to the root command.</summary>
    public void AddTo(RootCommand root)
    {
        root.Add(Rig);
        root.Add(Database);
        root.Add(Verbose);
    }
}
