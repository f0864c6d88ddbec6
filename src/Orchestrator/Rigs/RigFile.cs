using MeterLab.Configuration;
using MeterLab.Measurement.Energy;
using MeterLab.Orchestrator.Validity;

namespace MeterLab.Orchestrator.Rigs;

/// <summary>
/// Reads a rig file (contract, section 7). Strict: an unknown key, a missing unit, a wrong type or a name that leads nowhere is a
/// <see cref="Measurement.ConfigurationException"/> with file, line, key and what would be right.
/// </summary>
public static class RigFile
{
    /// <summary>Reads the file at <paramref name="path"/>.</summary>
    public static Rig Load(string path) => Read(YamlFile.Load(path));

    /// <summary>Reads a rig from text; <paramref name="file"/> names it in complaints and anchors its relative paths.</summary>
    public static Rig Parse(string text, string file) => Read(YamlFile.Parse(text, file));

    private static Rig Read(ConfigNode root)
    {
        var map = root.AsMap("rig", "store", "known-hosts", "meters", "targets", "limits");
        var meters = map.Find("meters") is { } meterNode ? MeterSection.Read(meterNode) : [];
        var (energy, run) = map.Find("limits") is { } limits ? LimitsSection.Read(limits) : (ValidityLimits.Default, RunLimits.Default);
        return new Rig
        {
            Name = map.Require("rig").AsName(),
            File = root.File,
            StorePath = map.Find("store") is { } store ? StorePath(store) : FilePaths.Beside(root.File, "meterlab.db"),
            KnownHostsPath = map.Find("known-hosts") is { } hosts ? FilePaths.Beside(root.File, hosts.AsText()) : null,
            Meters = meters,
            Targets = map.Find("targets") is { } targetNode ? TargetSection.Read(targetNode, meters) : [],
            Limits = energy,
            RunLimits = run,
        };
    }

    private static string StorePath(ConfigNode node)
    {
        var text = node.AsText();
        return text.Contains("://", StringComparison.Ordinal)
            ? throw node.Error("the store is an SQLite file for now; give a path, for instance meterlab.db")
            : FilePaths.Beside(node.File, text);
    }
}
