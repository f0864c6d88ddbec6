using System.Buffers.Text;

using MeterLab.Configuration;
using MeterLab.Estimators;
using MeterLab.Measurement;
using MeterLab.Measurement.Quantities;
using MeterLab.Measurement.Samples;
using MeterLab.Orchestrator.Targets;
using MeterLab.Orchestrator.Validity;

namespace MeterLab.Orchestrator.Rigs;

/// <summary>Reads <c>targets:</c> of a rig file.</summary>
internal static class TargetSection
{
    private static readonly string[] Ways = ["ssh", "local", "virtual"];
    private static readonly string[] SshOnly = ["identity", "host-key"];

    internal static IReadOnlyList<RigTarget> Read(ConfigNode node, IReadOnlyList<RigMeter> meters) =>
        [.. node.AsAnyMap().Entries.Select(entry => ReadTarget(entry.Key, entry.Value, meters))];

    private static RigTarget ReadTarget(string name, ConfigNode node, IReadOnlyList<RigMeter> meters)
    {
        if (!Names.IsName(name))
            throw node.Error($"'{name}' is no name here: lower-case letters, digits and hyphens, starting with a letter or digit");
        var map = node.AsMap(
            "ssh", "local", "virtual", "identity", "host-key", "fed-by", "hardware", "estimators", "grid-intensity", "gates");
        return new RigTarget
        {
            Name = name,
            Reach = ReadReach(node, map),
            FedBy = ReadFeeds(map, meters),
            Hardware = map.Find("hardware") is { } hardware ? ReadHardware(hardware) : new Hardware(),
            Estimators = ReadEstimators(map),
            Gates = map.Find("gates") is { } gates ? ReadGates(gates) : null,
            GridIntensity = map.Find("grid-intensity") is { } grid ? GridIntensitySection.Read(grid) : null,
        };
    }

    private static IdleGates ReadGates(ConfigNode node)
    {
        var map = node.AsMap("cpu", "gpu", "temperature");
        return map.Entries.Any()
            ? new IdleGates(
                map.Find("cpu")?.AsQuantityIn(Dimension.Ratio, 0, 1, "0% to 100%"),
                map.Find("gpu")?.AsQuantityIn(Dimension.Ratio, 0, 1, "0% to 100%"),
                map.Find("temperature")?.AsQuantityIn(Dimension.Temperature, 0, 120, "0degC to 120degC"))
            : throw node.Error("gates need at least one of cpu, gpu and temperature");
    }

    private static TargetReach ReadReach(ConfigNode node, ConfigMap map)
    {
        var ways = Ways.Count(way => map.Find(way) is not null);
        if (ways != 1)
            throw node.Error("a target is reached in one way: ssh: USER@HOST, or local: true, or virtual: NAME");
        if (map.Find("ssh") is { } ssh)
            return ReadSsh(ssh, map);
        foreach (var key in SshOnly)
        {
            if (map.Find(key) is { } stray)
                throw stray.Error($"'{key}' belongs to a target that is reached by ssh");
        }

        if (map.Find("virtual") is { } name)
            return new VirtualReach(name.AsName());
        var local = map.Require("local");
        return local.AsBoolean() ? new LocalReach() : throw local.Error("only 'local: true' says something; leave the key out otherwise");
    }

    private static SshReach ReadSsh(ConfigNode node, ConfigMap map)
    {
        try
        {
            return new SshReach(
                SshAddress.Parse(node.AsText()),
                map.Find("identity") is { } identity ? FilePaths.Beside(node.File, identity.AsText()) : null,
                map.Find("host-key") is { } key ? ReadHostKey(key) : null);
        }
        catch (FormatException e)
        {
            throw node.Error(e.Message);
        }
    }

    private static string ReadHostKey(ConfigNode node)
    {
        const string Prefix = "SHA256:";
        var text = node.AsText();
        // 32 bytes in base64 are 43 letters and one = that OpenSSH leaves out.
        return text.StartsWith(Prefix, StringComparison.Ordinal) && text.Length == Prefix.Length + 43
                && Base64.IsValid(text[Prefix.Length..] + "=")
            ? text
            : throw node.Error("a host key is pinned as \"SHA256:…\" with 43 letters, as ssh-keygen -lf prints it");
    }

    private static List<Feed> ReadFeeds(ConfigMap map, IReadOnlyList<RigMeter> meters)
    {
        var feeds = new List<Feed>();
        foreach (var node in map.List("fed-by"))
        {
            var entry = node.AsMap("channel", "scope");
            var channelNode = entry.Require("channel");
            var channel = ChannelId.Parse(channelNode.AsText())
                ?? throw channelNode.Error($"'{channelNode.AsText()}' is no channel; write METER/CHANNEL, for instance wall/total");
            var names = meters.Select(meter => meter.Name).ToArray();
            if (!names.Contains(channel.Meter))
            {
                throw channelNode.Error(names.Length == 0
                    ? $"there is no meter '{channel.Meter}'; the file has no meters"
                    : $"there is no meter '{channel.Meter}'; {Nearest.Suggest(channel.Meter, names)}");
            }

            var scope = Scopes.Find(entry.Require("scope").AsOneOf([.. Scopes.Names]))!.Value;
            if (feeds.Any(feed => feed.Channel == channel))
                throw channelNode.Error($"'{channel}' stands twice; its power would be counted twice");
            feeds.Add(new Feed(channel, scope));
        }

        return feeds;
    }

    private static Hardware ReadHardware(ConfigNode node)
    {
        var map = node.AsMap("cpu", "cpu-power", "logical-cpus", "gpus", "memory");
        var cpu = map.Text("cpu");
        var cpuPower = map.Find("cpu-power");
        if (cpu is null && cpuPower is not null)
            throw cpuPower.Error("'cpu-power' needs 'cpu', the processor that it belongs to");
        return new Hardware
        {
            Cpu = cpu is null ? null : new HardwarePart(cpu, cpuPower?.AsPositiveQuantity(Dimension.Power)),
            LogicalCpus = (int?)map.Find("logical-cpus")?.AsInteger(1, 65536),
            Gpus = [.. map.List("gpus").Select(ReadGpu)],
            MemoryBytes = map.Find("memory")?.AsPositiveQuantity(Dimension.Information),
        };
    }

    private static HardwarePart ReadGpu(ConfigNode node)
    {
        var map = node.AsMap("model", "power");
        return new HardwarePart(map.Require("model").AsText(), map.Find("power")?.AsPositiveQuantity(Dimension.Power));
    }

    private static List<TargetEstimator> ReadEstimators(ConfigMap map)
    {
        var estimators = new List<TargetEstimator>();
        foreach (var node in map.List("estimators"))
        {
            var estimator = node.IsScalar ? TargetEstimator.Of(EstimatorReference.Read(node, node.AsText()), []) : ReadEstimator(node);
            if (estimators.Any(other => other.Name == estimator.Name))
                throw node.Error($"the estimator '{estimator.Name}' stands twice");
            estimators.Add(estimator);
        }

        return estimators;
    }

    private static TargetEstimator ReadEstimator(ConfigNode node)
    {
        var entries = node.AsAnyMap().Entries.ToList();
        if (entries.Count != 1)
            throw node.Error("an estimator is a name, or one name with its settings: { codecarbon: { interval: 1s } }");
        var (name, value) = entries[0];
        var known = TargetEstimator.Of(EstimatorReference.Read(value, name), []);
        var map = value.AsMap("command", "interval", "self-tracked", "version", "root");
        var settings = new EstimatorSettings(
            map.Text("command"), map.Find("interval")?.AsPositiveTime().TotalSeconds, map.Boolean("self-tracked", false), map.Text("version"), map.Text("root"));
        CheckSettings(known.Estimator, settings, map);
        return known with { Settings = settings };
    }

    // What the estimator cannot take is told where it was written, not when the first run begins.
    private static void CheckSettings(IEstimator estimator, EstimatorSettings settings, ConfigMap map)
    {
        if (settings.SelfTracked && estimator.Facts.OwnFiles.Count == 0)
            throw map.Find("self-tracked")!.Error($"{estimator.Facts.Name} writes no file that a workload could leave");
        try
        {
            estimator.Launch(settings, "check");
        }
        catch (ConfigurationException e) when (e.File is null)
        {
            throw (e.Key is { } key && map.Find(key) is { } place ? place : map.Node).Error(e.Problem);
        }
    }
}
