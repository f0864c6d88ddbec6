using System.Security.Cryptography;

using MeterLab.Configuration;
using MeterLab.Measurement;
using MeterLab.Measurement.Meters;
using MeterLab.Measurement.Quantities;
using MeterLab.MeterDrivers.Links;

namespace MeterLab.MeterDrivers.Profiles;

/// <summary>
/// Reads one meter profile, strictly: an unknown key, a missing unit or a register that stands twice is a
/// <see cref="ConfigurationException"/> with file, line, key and what would be right. The format: firmware-configs/README.md.
/// </summary>
public static class ProfileLoader
{
    private static readonly string[] Schemes = ["modbus-tcp", "modbus-rtu", "modbus-rtu-tcp", .. NetworkSections.SectionOf.Keys];

    /// <summary>Reads a file.</summary>
    public static MeterProfile Load(string path)
    {
        var root = YamlFile.Load(path);
        return Read(root, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))));
    }

    /// <summary>Reads text that came from <paramref name="file"/>.</summary>
    public static MeterProfile Parse(string text, string file) =>
        Read(YamlFile.Parse(text, file), Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text))));

    private static MeterProfile Read(ConfigNode root, string hash)
    {
        var map = root.AsMap([
            "model", "vendor", "description", "source", "facts-mark", "transports", "accuracy", "resolution", "plausible",
            "response", "minimum-load", "caveats", "modbus", .. NetworkSections.Keys]);
        var network = NetworkSections.Read(map);
        var registers = network.Any && map.Find("modbus") is null ? RegisterMap.None : RegisterMapReader.Read(map.Require("modbus"));
        var transports = Transports(map.Require("transports"));
        NetworkSections.Check(map, transports);
        var response = map.Require("response").AsMap("update-period", "averaging", "delay");
        var update = Seconds(response.Require("update-period"), atLeast: 1e-6);
        var averaging = response.Find("averaging") is { } window ? Seconds(window, atLeast: 1e-6) : (double?)null;
        var delay = response.Find("delay") is { } late ? Seconds(late, atLeast: 0) : (double?)null;
        var facts = new MeterFacts
        {
            Model = map.Require("model").AsName(),
            Vendor = map.Require("vendor").AsText(),
            Transports = [.. transports.Select(transport => transport.Scheme)],
            Quantities = [.. registers.Fields.Select(field => field.Quantity).Concat(network.Quantities).Distinct().Order()],
            Accuracy = map.Find("accuracy") is { } accuracy ? QuantityMaps.Accuracy(accuracy) : new Dictionary<Quantity, AccuracyLimit>(),
            Resolution = map.Find("resolution") is { } steps ? QuantityMaps.Values(steps) : new Dictionary<Quantity, double>(),
            Response = new MeterResponse(update, averaging ?? update, delay ?? 0) { AveragingKnown = averaging is not null, DelayKnown = delay is not null },
            FactsMark = (int)map.Require("facts-mark").AsInteger(0, 2),
            Source = map.Require("source").AsText(),
            RegistersMark = registers.FactsMark,
            Caveats = [.. map.List("caveats").Select(Caveat)],
        };
        CheckMeasured(map, facts, "accuracy", facts.Accuracy.Keys);
        CheckMeasured(map, facts, "resolution", facts.Resolution.Keys);
        return new MeterProfile
        {
            Facts = facts,
            Description = map.Require("description").AsText(),
            Transports = transports,
            Registers = registers,
            Snmp = network.Snmp,
            Http = network.Http,
            Scpi = network.Scpi,
            Plausible = map.Find("plausible") is { } ranges ? QuantityMaps.Ranges(ranges) : new Dictionary<Quantity, (double, double)>(),
            MinimumLoadWatts = map.Find("minimum-load") is { } load ? MinimumLoad(load) : 0,
            File = root.File,
            Sha256 = hash,
        };
    }

    private static List<ProfileTransport> Transports(ConfigNode node)
    {
        var transports = new List<ProfileTransport>();
        foreach (var (scheme, value) in node.AsMap(Schemes).Entries)
        {
            var serial = scheme is "modbus-rtu" or "scpi-serial";
            var keys = serial ? value.AsMap("baud", "parity", "stop-bits") : value.AsMap("port");
            transports.Add(new ProfileTransport(
                scheme,
                serial ? Line(keys) : null,
                keys.Find("port") is { } port ? (int)port.AsInteger(1, 65535) : null));
        }

        return transports.Count > 0 ? transports : throw node.Error("at least one of " + string.Join(", ", Schemes) + " is wanted");
    }

    private static SerialSettings Line(ConfigMap keys)
    {
        var baud = keys.Require("baud");
        var line = new SerialSettings(
            (int)baud.AsInteger(1, int.MaxValue),
            keys.Require("parity").AsOneOf("none", "even", "odd") switch
            {
                "even" => SerialParity.Even,
                "odd" => SerialParity.Odd,
                _ => SerialParity.None,
            },
            (int)keys.Require("stop-bits").AsInteger(1, 2));
        return SerialSettings.Bauds.Contains(line.Baud)
            ? line
            : throw baud.Error($"{line.Baud} is no speed of a serial line; one of {string.Join(", ", SerialSettings.Bauds)} is right");
    }

    private static double Seconds(ConfigNode node, double atLeast)
    {
        var seconds = node.AsQuantity(Dimension.Time);
        return seconds >= atLeast && seconds <= 86_400 ? seconds : throw node.Error("a time up to 24 h is wanted here, never negative");
    }

    private static double MinimumLoad(ConfigNode node)
    {
        var map = node.AsMap("current", "nominal-voltage");
        var current = map.Require("current").AsQuantity(Dimension.Current);
        var voltage = map.Require("nominal-voltage").AsQuantity(Dimension.Voltage);
        return current > 0 && voltage > 0 ? current * voltage : throw node.Error("current and nominal-voltage are above 0");
    }

    private static MeterCaveat Caveat(ConfigNode node)
    {
        var map = node.AsMap("text", "source");
        return new MeterCaveat(map.Require("text").AsText(), map.Require("source").AsText());
    }

    private static void CheckMeasured(ConfigMap map, MeterFacts facts, string key, IEnumerable<Quantity> stated)
    {
        foreach (var quantity in stated)
        {
            if (!facts.Quantities.Contains(quantity))
                throw map.Require(key).Error($"no register holds {QuantityNames.NameOf(quantity)}, so its {key} means nothing; remove it or add the register");
        }
    }
}
